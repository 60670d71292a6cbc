import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { fromGeoJson, greatCircleMeters } from '../../shared/geo.ts';
import { couriers } from './courier.model.ts';
import { hasFreshFix } from './couriers.service.ts';
import type { DeliveryRecord } from './delivery.model.ts';

/** A phone may say that it is not sure, but not so unsure that it could be anywhere. */
const MOST_TOLERATED_METERS = 100;

/** How far the courier was from the door by the last position we have; null: we have none, or an old one. */
export interface Nearness {
  distanceMeters: number | null;
  /** Null: nobody knows. Then nothing is refused, and operations look at what comes of it. */
  isNear: boolean | null;
}

/** In the transaction of the step that it is about. */
export async function nearnessOf(
  tx: Tx,
  { courierId, dropoff }: Pick<DeliveryRecord, 'courierId' | 'dropoff'>,
): Promise<Nearness> {
  const courier = await couriers().findOne({ _id: courierId ?? '' }, { session: tx });
  if (courier?.location == null || !hasFreshFix(courier)) return { distanceMeters: null, isNear: null };
  const distanceMeters = greatCircleMeters(fromGeoJson(courier.location), fromGeoJson(dropoff.location));
  const tolerated = Math.min(courier.accuracyMeters ?? 0, MOST_TOLERATED_METERS);
  return { distanceMeters, isNear: distanceMeters <= config.dispatch.dropoffRadiusMeters + tolerated };
}

/** @throws AppError `too_far_from_door` for who is known to be elsewhere */
export function assertNotFar({ distanceMeters, isNear }: Nearness): void {
  if (isNear !== false || distanceMeters === null) return;
  const limitMeters = config.dispatch.dropoffRadiusMeters;
  throw new AppError('too_far_from_door', { details: { distanceMeters, limitMeters } });
}
