import { AppError } from '../../../errors/index.ts';
import { fromGeoJson, greatCircleMeters, type GeoJsonPoint, type GeoPoint } from '../../../shared/geo.ts';

/** A pin is put right by so much without anybody looking; what is further is another place. */
const MAX_CORRECTION_METERS = 500;

interface Approved {
  status: string;
  name: string;
  addressLine: string;
  location: GeoJsonPoint;
}

interface Wanted {
  name?: string | undefined;
  addressLine?: string | undefined;
  location?: GeoPoint | undefined;
}

/**
 * Who it is and where was approved: under another name or at another place it goes through review again (close, reopen, submit).
 * Otherwise anybody's kitchen becomes somebody else's brand overnight. While it is in review the office decides on a version.
 * @throws AppError `terms_approved`
 */
export function assertStaysApproved(row: Approved, { name, addressLine, location }: Wanted): void {
  if (!['live', 'suspended'].includes(row.status)) return;
  const isOther =
    (name ?? row.name) !== row.name ||
    (addressLine ?? row.addressLine) !== row.addressLine ||
    (location !== undefined && greatCircleMeters(fromGeoJson(row.location), location) > MAX_CORRECTION_METERS);
  if (isOther) throw new AppError('terms_approved');
}
