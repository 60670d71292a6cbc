import type { Tx } from '../../infra/mongo/index.ts';
import type { GeoJsonPoint } from '../../shared/geo.ts';
import { couriers, IDLE_COURIER, type CourierRecord } from './courier.model.ts';
import { LARGEST_RADIUS_METERS } from './dispatch-plan.ts';
import { deliveries } from './delivery.model.ts';

export interface IdleCourier {
  _id: CourierRecord['_id'];
  distanceMeters: number;
}

interface IdleSearch {
  near: GeoJsonPoint;
  radiusMeters: number;
  /** Older fixes say nothing about where somebody is. */
  fixedAfter: Date;
  exceptIds: readonly string[];
  limit: number;
}

/** The nearest couriers who could take a delivery now, nearest first. Exported for the explain test. */
export function idleCouriersPipeline(search: IdleSearch): Record<string, unknown>[] {
  return [
    {
      $geoNear: {
        near: search.near,
        key: 'location',
        distanceField: 'distanceMeters',
        maxDistance: search.radiusMeters,
        query: { ...IDLE_COURIER, locationAt: { $gt: search.fixedAfter }, _id: { $nin: [...search.exceptIds] } },
        spherical: true,
      },
    },
    { $limit: search.limit },
    { $project: { distanceMeters: { $round: '$distanceMeters' } } },
  ];
}

export function findIdleCouriersNear(tx: Tx, search: IdleSearch): Promise<IdleCourier[]> {
  return couriers().aggregate<IdleCourier>(idleCouriersPipeline(search), { session: tx }).toArray();
}

/** Deliveries that look for a courier within the widest ring around `point`. Exported for the explain test. */
export function offeringNearFilter(point: GeoJsonPoint): Record<string, unknown> {
  const near = { $geometry: point, $maxDistance: LARGEST_RADIUS_METERS };
  return { status: 'offering', 'pickup.location': { $nearSphere: near } };
}

export async function findOfferingNear(point: GeoJsonPoint, limit: number): Promise<string[]> {
  const rows = await deliveries()
    .find(offeringNearFilter(point), { projection: { _id: 1 } })
    .limit(limit)
    .toArray();
  return rows.map(({ _id }) => _id);
}
