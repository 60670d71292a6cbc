import type { ZoneRow } from '../../src/modules/restaurants/zone.model.ts';
import type { GeoJsonPolygon } from '../../src/shared/geo.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { pointAt, ZONES, type Spot } from './geography.ts';
import type { CityInput } from './types.ts';

/** All of them in every profile: a zone that is missing would tell people that nobody delivers. */
export function generateZones({ seed, now }: CityInput): ZoneRow[] {
  return ZONES.map(({ slug, name, polygon }) => ({
    _id: idFrom(seed, 'zone', slug),
    slug,
    name,
    city: 'Saffron Bay',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    area: areaOf(polygon),
    createdAt: now,
    updatedAt: now,
  }));
}

function areaOf(polygon: readonly Spot[]): GeoJsonPolygon {
  const corners = polygon.map((spot): [number, number] => {
    const { lat, lng } = pointAt(spot);
    return [lng, lat];
  });
  return { type: 'Polygon', coordinates: [[...corners, ...corners.slice(0, 1)]] };
}
