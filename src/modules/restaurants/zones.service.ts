import { trusted } from 'mongoose';
import { toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { ZoneModel, type ZoneRow } from './zone.model.ts';

/** A zone as an address shows it. */
export interface ZoneAt {
  id: string;
  name: string;
}

/** null: nobody delivers there yet. On an edge that two zones share, the one with the smaller id. */
export async function findZoneAt(point: GeoPoint): Promise<ZoneAt | null> {
  const zone = await zoneAtQuery(point).lean<Pick<ZoneRow, '_id' | 'name'>>();
  return zone === null ? null : { id: zone._id, name: zone.name };
}

/** Exported for the explain test. */
export function zoneAtQuery(point: GeoPoint) {
  const here = trusted({ $geoIntersects: { $geometry: toGeoJson(point) } });
  // The hint, because for one row in the order of ids the planner would rather walk all of them.
  return ZoneModel.findOne({ area: here }, { name: 1 }).sort({ _id: 1 }).hint('area');
}
