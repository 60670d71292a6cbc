import { greatCircleMeters, type GeoJsonPolygon, type GeoPoint } from '../../../shared/geo.ts';
import { MAX_REACH_METERS } from './delivery-body.ts';

/** The first area that goes further from the restaurant than lists look for who delivers; -1: none. */
export function findOutOfReach(areas: readonly { polygon: GeoJsonPolygon }[], center: GeoPoint): number {
  return areas.findIndex(({ polygon }) =>
    polygon.coordinates.flat().some(([lng, lat]) => greatCircleMeters(center, { lat, lng }) > MAX_REACH_METERS),
  );
}
