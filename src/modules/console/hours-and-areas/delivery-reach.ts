/** What a restaurant promises to bring where, held against where it stands. Pure. */
import type { FeeBand } from '../../../shared/delivery-fee.ts';
import { greatCircleMeters, roadMeters, routeMeters, type GeoJsonPolygon, type GeoPoint } from '../../../shared/geo.ts';
import { MAX_REACH_METERS } from './delivery-body.ts';
import { shortTableProblem } from './fee-table-rules.ts';

interface Promises {
  deliveryRadiusMeters: number;
  feeBands: readonly FeeBand[];
  areas: readonly { name: string; polygon: GeoJsonPolygon; feeBands: readonly FeeBand[] }[];
}

interface ReachProblem {
  /** Of the delivery terms. */
  path: string;
  message: string;
  /** Null: of the radius. */
  areaName: string | null;
}

/**
 * One rule for setting the terms and for moving the restaurant: no area goes further than lists look for who delivers, and every way
 * has its fee, that to the end of the radius or to the furthest corner of each area.
 */
export function reachProblems({ areas, ...radius }: Promises, center: GeoPoint): ReachProblem[] {
  if (areas.length === 0) return problemsOfRadius(radius);
  return areas.flatMap(({ name: areaName, polygon, feeBands }, index) => {
    const corners = polygon.coordinates.flat().map(([lng, lat]) => ({ lat, lng }));
    if (corners.some((corner) => greatCircleMeters(center, corner) > MAX_REACH_METERS)) {
      const message = `must lie within ${MAX_REACH_METERS} meters of the restaurant`;
      return [{ path: `areas.${index}.polygon`, message, areaName }];
    }
    const message = shortTableProblem(feeBands, Math.max(...corners.map((corner) => routeMeters(center, corner))));
    return message === null ? [] : [{ path: `areas.${index}.feeBands`, message, areaName }];
  });
}

function problemsOfRadius({ feeBands, deliveryRadiusMeters }: Omit<Promises, 'areas'>): ReachProblem[] {
  const message = shortTableProblem(feeBands, roadMeters(deliveryRadiusMeters));
  return message === null ? [] : [{ path: 'feeBands', message, areaName: null }];
}
