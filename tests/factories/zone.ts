import { ZoneModel, type ZoneRow } from '../../src/modules/restaurants/zone.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { TOWN } from './restaurant.ts';

/** A square of some two kilometers around the middle of the town. */
export async function createZone(changes: Partial<ZoneRow> = {}): Promise<ZoneRow> {
  const _id = newId();
  const half = 0.01;
  const [west, east, south, north] = [TOWN.lng - half, TOWN.lng + half, TOWN.lat - half, TOWN.lat + half];
  const corners: [number, number][] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const zone: ZoneRow = {
    _id,
    slug: `zone-${_id}`,
    name: 'Harbour Quarter',
    city: 'Saffron Bay',
    timeZone: 'Asia/Kolkata',
    currency: 'INR',
    area: { type: 'Polygon', coordinates: [corners] },
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
  await ZoneModel.create(zone);
  return zone;
}
