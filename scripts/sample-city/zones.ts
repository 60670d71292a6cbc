import type { ZoneRow } from '../../src/modules/restaurants/zone.model.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { areaOf, ZONES } from './geography.ts';
import { PORT_CLEMENT, PORT_ZONES } from './port-clement/geography.ts';
import type { CityInput } from './types.ts';

/** All of them in every profile: a zone that is missing would tell people that nobody delivers. */
export function generateZones({ seed, now }: CityInput): ZoneRow[] {
  const dates = { createdAt: now, updatedAt: now };
  const bay = ZONES.map(({ slug, name, polygon }) => ({
    _id: idFrom(seed, 'zone', slug),
    slug,
    name,
    city: 'Saffron Bay',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    area: areaOf(polygon),
    ...dates,
  }));
  const port = PORT_ZONES.map(({ slug, name, polygon }) => ({
    _id: idFrom(seed, 'zone', slug),
    slug,
    name,
    city: 'Port Clement',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    area: areaOf(polygon, PORT_CLEMENT),
    ...dates,
  }));
  return [...bay, ...port];
}
