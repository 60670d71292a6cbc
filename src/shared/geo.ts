export interface GeoPoint {
  lat: number;
  lng: number;
}

/** GeoJSON keeps longitude first. */
export interface GeoJsonPoint {
  type: 'Point';
  coordinates: [number, number];
}

/** Outer ring first, each ring closed: its last point is its first. */
export interface GeoJsonPolygon {
  type: 'Polygon';
  coordinates: [number, number][][];
}

const EARTH_RADIUS_METERS = 6_371_008.8;
/** Roads are longer than the great circle (domain.md section 6, until a routing engine is plugged in). */
const DETOUR_FACTOR = 1.35;

/** Closer to 0, 0 than this there is only sea, and the answer of a device that does not know where it is. */
const NOWHERE_DEGREES = 0.01;

export function isNowhere({ lat, lng }: GeoPoint): boolean {
  return Math.abs(lat) <= NOWHERE_DEGREES && Math.abs(lng) <= NOWHERE_DEGREES;
}

export function toGeoJson(point: GeoPoint): GeoJsonPoint {
  return { type: 'Point', coordinates: [point.lng, point.lat] };
}

export function fromGeoJson(point: { coordinates: readonly number[] }): GeoPoint {
  const [lng, lat] = point.coordinates;
  if (lng === undefined || lat === undefined) throw new RangeError('a GeoJSON point has two coordinates');
  return { lat, lng };
}

export function greatCircleMeters(a: GeoPoint, b: GeoPoint): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h))));
}

/** The distance used in prices and ETAs, in whole meters. */
export function routeMeters(a: GeoPoint, b: GeoPoint): number {
  return roadMeters(greatCircleMeters(a, b));
}

/** How far a way as the crow flies is by road. */
export function roadMeters(greatCircle: number): number {
  return Math.round(greatCircle * DETOUR_FACTOR);
}
