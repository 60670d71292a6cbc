import { dateFrom, now } from '../../shared/clock.ts';
import { couriers } from './courier.model.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import type { OfferRecord } from './offer.model.ts';
import { offers } from './offer.model.ts';
import { openOffersFilter } from './offers.service.ts';

const MAX_OFFERS = 20;
const SHOWN = { projection: { _id: 1, orderId: 1, orderNumber: 1, status: 1, readyEta: 1, 'pickup.name': 1 } } as const;

export interface CourierDay {
  isOnline: boolean;
  delivery:
    | (Pick<DeliveryRecord, '_id' | 'orderId' | 'orderNumber' | 'status' | 'readyEta'> & { pickup: { name: string } })
    | null;
  offers: OfferRecord[];
}

/** Null for who never became a courier. All by key. */
export async function getCourierDay(courierId: string): Promise<CourierDay | null> {
  const [courier, open] = await Promise.all([
    couriers().findOne({ _id: courierId }, { projection: { isOnline: 1, activeDeliveryId: 1 } }),
    offers().find(openOffersFilter(courierId, now())).sort({ expiresAt: 1 }).limit(MAX_OFFERS).toArray(),
  ]);
  if (courier === null) return null;
  const { isOnline, activeDeliveryId } = courier;
  const delivery = activeDeliveryId === null ? null : await deliveries().findOne({ _id: activeDeliveryId }, SHOWN);
  return { isOnline, delivery, offers: open };
}

/** Deliveries for which nobody was found in time, and nobody since. */
export function countStalled(limit: number): Promise<number> {
  return deliveries().countDocuments({ status: 'offering', stalledAt: { $gt: dateFrom(0) } }, { limit });
}
