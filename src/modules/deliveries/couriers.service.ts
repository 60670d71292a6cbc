import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { couriers, type CourierRecord } from './courier.model.ts';
import { findOfferingNear } from './couriers.queries.ts';
import { wakeRounds, withdrawOffers } from './offer-rounds.service.ts';

/** As many searches as one newcomer is told to, nearest first; the rest hear of it at the end of their round. */
const WOKEN_SEARCHES = 20;

/** @throws AppError `not_found` for a user who is no courier */
export async function getCourier(actor: Actor): Promise<CourierRecord> {
  const courier = await couriers().findOne({ _id: actor.userId });
  if (courier === null) throw new AppError('not_found');
  return courier;
}

/**
 * Online: offers may come, and searches under way hear of it at once. Offline: open offers are taken back and asked elsewhere; a
 * delivery in hand stays in hand.
 * @throws AppError `forbidden` when not approved, `not_found` for a user who is no courier
 */
export async function setAvailability(
  input: { isOnline: boolean; location?: GeoPoint | undefined },
  actor: Actor,
): Promise<CourierRecord> {
  const courier = await withTransaction(async (tx) => {
    const changed = await writeAvailability(tx, input, actor.userId);
    if (!input.isOnline) await wakeRounds(tx, await withdrawOffers(tx, { courierId: actor.userId }));
    return changed;
  });
  if (input.isOnline) await wakeSearchesAround(courier);
  return courier;
}

async function writeAvailability(
  tx: Tx,
  { isOnline, location }: { isOnline: boolean; location?: GeoPoint | undefined },
  courierId: string,
): Promise<CourierRecord> {
  const at = now();
  const place = location === undefined ? {} : { location: toGeoJson(location), locationAt: at };
  const changed = await couriers().findOneAndUpdate(
    { _id: courierId, ...(isOnline ? { status: 'approved' as const } : {}) },
    { $set: { isOnline, ...place, updatedAt: at } },
    { session: tx, returnDocument: 'after' },
  );
  if (changed !== null) return changed;
  const exists = await couriers().findOne({ _id: courierId }, { session: tx, projection: { _id: 1 } });
  throw new AppError(exists === null ? 'not_found' : 'forbidden');
}

/** A courier who could take one: the searches nearby take their next step now instead of at the end of their round. */
export async function wakeSearchesAround(courier: CourierRecord): Promise<void> {
  const { location, activeDeliveryId } = courier;
  if (location === null || activeDeliveryId !== null || !hasFreshFix(courier)) return;
  const deliveryIds = await findOfferingNear(location, WOKEN_SEARCHES);
  if (deliveryIds.length > 0) await withTransaction((tx) => wakeRounds(tx, deliveryIds));
}

export function hasFreshFix({ locationAt }: CourierRecord): boolean {
  return locationAt !== null && locationAt > addMs(now(), -config.dispatch.fixMaxAgeSeconds * 1000);
}
