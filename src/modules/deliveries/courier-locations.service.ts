import { AppError } from '../../errors/index.ts';
import { counter } from '../../infra/observability/index.ts';
import { publish } from '../../realtime/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, dateFrom, now } from '../../shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { couriers, type CourierRecord } from './courier.model.ts';
import { hasFreshFix, wakeSearchesAround } from './couriers.service.ts';
import { deliveries } from './delivery.model.ts';
import { shareableLocation } from './location.policy.ts';

export interface Fix extends GeoPoint {
  at: Date;
  accuracyMeters?: number | undefined;
}

/** A fix worse than this says less than the one before it. */
const WORST_ACCURACY_METERS = 500;
/** domain.md section 5: a customer gets a position at most once a second. */
const SHARE_INTERVAL_MS = 1_000;
const NEVER = dateFrom(0);
const pings = counter('quickbite_location_pings_total', 'Batches of fixes from couriers', ['result']);

/**
 * Keeps the newest usable fix of a batch if it is newer than the stored one, and shows it to the customer who waits for this
 * courier. A courier who is offline and carries nothing is not tracked. A phone whose clock runs ahead was there now.
 * @returns whether a fix was kept
 * @throws AppError `not_found` for a user who is no courier
 */
export async function recordLocations(fixes: readonly Fix[], actor: Actor): Promise<boolean> {
  const isKept = await recordNewest(fixes, actor);
  pings.inc({ result: isKept ? 'kept' : 'ignored' });
  return isKept;
}

async function recordNewest(fixes: readonly Fix[], actor: Actor): Promise<boolean> {
  const fix = newestOf(fixes);
  if (fix === null) return false;
  const at = now();
  const before = await keepFix(fix, actor.userId, at);
  if (before === null) {
    const isCourier = await couriers().findOne({ _id: actor.userId }, { projection: { _id: 1 } });
    if (isCourier === null) throw new AppError('not_found');
    return false;
  }
  if (isShareDue(before, at)) await shareLocation(before, fix);
  // Without a fresh fix this courier was in nobody's search.
  if (before.isOnline && !hasFreshFix(before)) {
    await wakeSearchesAround({ ...before, location: toGeoJson(fix), locationAt: at });
  }
  return true;
}

function newestOf(fixes: readonly Fix[]): Fix | null {
  const usable = fixes.filter(({ accuracyMeters = 0 }) => accuracyMeters <= WORST_ACCURACY_METERS);
  return usable.reduce<Fix | null>((newest, fix) => (newest === null || fix.at > newest.at ? fix : newest), null);
}

/** One command decides what is kept and, for all instances together, whether it is time to show it. @returns the row before */
async function keepFix(fix: Fix, courierId: string, at: Date): Promise<CourierRecord | null> {
  const fixedAt = fix.at < at ? fix.at : at;
  const isDue = { $lte: [{ $ifNull: ['$sharedAt', NEVER] }, addMs(at, -SHARE_INTERVAL_MS)] };
  const isCarrying = { $ne: ['$activeDeliveryId', null] };
  return couriers().findOneAndUpdate(
    {
      _id: courierId,
      $and: [
        { $or: [{ isOnline: true }, { activeDeliveryId: { $ne: null } }] },
        { $or: [{ locationAt: null }, { locationAt: { $lt: fixedAt } }] },
      ],
    },
    [
      {
        $set: {
          location: { $literal: toGeoJson(fix) },
          locationAt: fixedAt,
          accuracyMeters: fix.accuracyMeters ?? null,
          sharedAt: { $cond: [{ $and: [isCarrying, isDue] }, at, '$sharedAt'] },
          updatedAt: at,
        },
      },
    ],
    { returnDocument: 'before' },
  );
}

function isShareDue({ activeDeliveryId, sharedAt }: CourierRecord, at: Date): boolean {
  return activeDeliveryId !== null && (sharedAt ?? NEVER) <= addMs(at, -SHARE_INTERVAL_MS);
}

async function shareLocation({ _id, activeDeliveryId }: CourierRecord, fix: Fix): Promise<void> {
  const delivery = await deliveries().findOne({ _id: activeDeliveryId ?? '', courierId: _id });
  const location = delivery === null ? null : shareableLocation(delivery.status, { lat: fix.lat, lng: fix.lng });
  if (delivery === null || location === null) return;
  const { orderId, customerId } = delivery;
  publish({
    namespace: '/customer',
    room: `customer:${customerId}`,
    event: 'location',
    message: { orderId, location, at: fix.at.toISOString() },
    isVolatile: true,
  });
}
