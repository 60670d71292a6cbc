import { trusted } from 'mongoose';
import { addMs, dateFrom } from '../../shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { OrderRecord } from '../orders/index.ts';
import { OrderModel } from '../orders/order.model.ts';
import { RefundModel, type RefundRecord } from '../payments/refunds/refund.model.ts';
import { ZoneModel } from '../restaurants/zone.model.ts';

const DAY_MS = 86_400_000;
/** Rows that are held at once. */
const BATCH = 500;

interface Period {
  from: string;
  to: string;
}

export type SoldOrder = Pick<
  OrderRecord,
  '_id' | 'restaurantId' | 'restaurant' | 'pricing' | 'currency' | 'amountDueMinor'
> & {
  endedAt: Date;
};

/** Delivered or collected, oldest first; with a day to spare on both sides, since a day begins when its place says so. */
export function eachSoldOrder({ from, to }: Period): AsyncIterable<SoldOrder> {
  const endedAt = trusted({ $gte: addMs(dateFrom(from), -DAY_MS), $lt: addMs(dateFrom(to), 2 * DAY_MS) });
  const fields = { restaurantId: 1, restaurant: 1, pricing: 1, currency: 1, amountDueMinor: 1, endedAt: 1 };
  return OrderModel.find({ status: trusted({ $in: ['delivered', 'collected'] }), endedAt }, fields)
    .sort({ endedAt: 1, _id: 1 })
    .hint('received')
    .lean<SoldOrder[]>()
    .cursor({ batchSize: BATCH });
}

export type MadeRefund = Pick<RefundRecord, 'cause' | 'liableParty' | 'currency' | 'amountMinor'>;

/** Promised in the period (by UTC) and made since. Ids begin with the second in which they were given. */
export function eachMadeRefund({ from, to }: Period): AsyncIterable<MadeRefund> {
  const range = trusted({ $gte: firstIdOf(dateFrom(from)), $lt: firstIdOf(addMs(dateFrom(to), DAY_MS)) });
  return RefundModel.find(
    { _id: range, status: 'succeeded' },
    { cause: 1, liableParty: 1, currency: 1, amountMinor: 1 },
  )
    .sort({ _id: 1 })
    .lean<MadeRefund[]>()
    .cursor({ batchSize: BATCH });
}

function firstIdOf(at: Date): string {
  return `${Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0')}${'0'.repeat(16)}`;
}

/** Empty outside of our zones. */
export async function findCityAt(point: GeoPoint): Promise<string> {
  const here = trusted({ $geoIntersects: { $geometry: toGeoJson(point) } });
  const zone = await ZoneModel.findOne({ area: here }, { city: 1 }).hint('area').lean();
  return zone?.city ?? '';
}
