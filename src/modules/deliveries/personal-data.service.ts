import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { toGeoJson } from '../../shared/geo.ts';
import { releaseImage } from '../images/index.ts';
import { couriers, type CourierRecord } from './courier.model.ts';
import { deliveries } from './delivery.model.ts';
import { wakeRounds, withdrawOffers } from './offer-rounds.service.ts';

const NOWHERE = {
  line1: '',
  line2: null,
  city: '',
  postcode: null,
  instructions: null,
  location: toGeoJson({ lat: 0, lng: 0 }),
} as const;

/** null for a person who is no courier. */
export async function exportCourier(userId: string): Promise<Omit<CourierRecord, '_id' | 'sharedAt'> | null> {
  return couriers().findOne({ _id: userId }, { projection: { _id: 0, sharedAt: 0 } });
}

export async function hasDeliveryInHand(tx: Tx, courierId: string): Promise<boolean> {
  const courier = await couriers().findOne({ _id: courierId }, { session: tx, projection: { activeDeliveryId: 1 } });
  return courier !== null && courier.activeDeliveryId !== null;
}

/** Nobody asks this courier any more, and nobody knows where they were; what they carried stays in the books. */
export async function forgetCourier(tx: Tx, courierId: string): Promise<void> {
  const { matchedCount } = await couriers().updateOne(
    { _id: courierId },
    { $set: { status: 'suspended', isOnline: false, location: null, locationAt: null, updatedAt: now() } },
    { session: tx },
  );
  if (matchedCount === 1) await wakeRounds(tx, await withdrawOffers(tx, { courierId }));
}

/** Of deliveries that have ended. */
export async function forgetDropoffs(tx: Tx, orderIds: readonly string[]): Promise<void> {
  const where = { orderId: { $in: [...orderIds] } };
  const shown = await deliveries()
    .find({ ...where, proofImageId: { $type: 'string' } }, { session: tx })
    .toArray();
  for (const { proofImageId } of shown) await releaseImage(tx, proofImageId ?? null);
  const $set = { dropoff: NOWHERE, proofImageId: null, proof: null };
  await deliveries().updateMany(where, { $set }, { session: tx });
}
