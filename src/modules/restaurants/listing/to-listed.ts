import { dateFrom } from '../../../shared/clock.ts';
import { deliveryFeeOf, type FeeTable } from '../../../shared/delivery-fee.ts';
import { fromGeoJson, greatCircleMeters, routeMeters, type GeoPoint } from '../../../shared/geo.ts';
import { ASSIGNMENT_MS, HANDOVER_MS, travelMs, TYPICAL_FIRST_MILE_METERS } from '../../../shared/travel.ts';
import { availabilityOf, isBusyAt, type Availability } from '../availability.ts';
import { bestTermsOf, deliveryTermsAt, type DeliveryTerms } from '../delivery-terms.ts';
import type { OrderMode } from '../restaurant.model.ts';
import type { ListedRow } from './listed-row.ts';

/** For whom and when a list is made. */
export interface ListView {
  at: Date;
  point: GeoPoint | null;
  mode: OrderMode | null;
}

/** A restaurant as a list shows it: everything that hangs on place and time is decided. */
export interface ListedRestaurant {
  row: ListedRow;
  location: GeoPoint;
  availability: Availability;
  /** Great-circle; null without a point. */
  distanceMeters: number | null;
  minimumOrderMinor: number;
  deliveryFeeFromMinor: number;
  freeDeliveryOverMinor: number | null;
  /** At the point, for the minimum order; null without a point and where nobody delivers. */
  deliveryFeeMinor: number | null;
  etaMinutes: number | null;
}

type Subject = ReturnType<typeof subjectOf>;

const MINUTE_MS = 60_000;

export function toListed(row: ListedRow, { at, point, mode }: ListView): ListedRestaurant {
  const subject = subjectOf(row);
  const terms = point === null || !row.modes.includes('delivery') ? null : deliveryTermsAt(subject, point);
  const { feeTable, minimumOrderMinor } = terms ?? anywhere(subject);
  const isFar = point !== null && terms !== null;
  return {
    row,
    location: subject.location,
    availability: availabilityOf(subject, { at, point: point ?? undefined, mode: mode ?? undefined }),
    distanceMeters: point === null ? null : greatCircleMeters(subject.location, point),
    minimumOrderMinor,
    deliveryFeeFromMinor: bestTermsOf(subject).deliveryFeeMinor,
    freeDeliveryOverMinor: feeTable.freeDeliveryOverMinor,
    deliveryFeeMinor: isFar ? feeAt(subject, terms, point) : null,
    etaMinutes: etaOf(subject, { at, point: isFar ? point : null, mode }),
  };
}

/** The next instant at which something of this changes by itself: an opening, a closing, the end of a pause or of the rush. */
export function changesAtMs({ row, availability }: ListedRestaurant, at: Date): number {
  const times = [availability.openUntil, availability.nextOpenAt, row.busyUntil, row.pausedUntil];
  const ahead = times.flatMap((time) => (time !== null && time > at ? [time.getTime()] : []));
  return Math.min(Infinity, ...ahead);
}

export function earliest(timesMs: readonly number[]): Date | null {
  const first = Math.min(Infinity, ...timesMs);
  return Number.isFinite(first) ? dateFrom(first) : null;
}

function subjectOf(row: ListedRow) {
  const { location, feeBands, freeDeliveryOverMinor, ...rest } = row;
  return { ...rest, location: fromGeoJson(location), feeTable: { bands: feeBands, freeDeliveryOverMinor } };
}

function anywhere(subject: Subject): { feeTable: FeeTable; minimumOrderMinor: number } {
  return { feeTable: subject.feeTable, minimumOrderMinor: bestTermsOf(subject).minimumOrderMinor };
}

function feeAt(subject: Subject, { feeTable, minimumOrderMinor }: DeliveryTerms, point: GeoPoint): number {
  return deliveryFeeOf(feeTable, routeMeters(subject.location, point), minimumOrderMinor);
}

/** As the quote forecasts it (domain.md section 2.2), without what is added for safety. `point`: null where nothing is brought to. */
function etaOf(subject: Subject, { at, point, mode }: ListView): number | null {
  const prepMinutes = subject.prepMinutes + (isBusyAt(subject, at) ? subject.busyExtraPrepMinutes : 0);
  if (mode === 'collection') return prepMinutes;
  if (point === null) return null;
  const courierMs = ASSIGNMENT_MS + travelMs(TYPICAL_FIRST_MILE_METERS);
  const doorMs = Math.max(courierMs, prepMinutes * MINUTE_MS) + travelMs(routeMeters(subject.location, point));
  return Math.ceil((doorMs + HANDOVER_MS) / MINUTE_MS);
}
