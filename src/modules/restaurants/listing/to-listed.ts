import { dateFrom } from '../../../shared/clock.ts';
import { deliveryFeeOf } from '../../../shared/delivery-fee.ts';
import { fromGeoJson, greatCircleMeters, routeMeters, type GeoPoint } from '../../../shared/geo.ts';
import { ASSIGNMENT_MS, HANDOVER_MS, travelMs, TYPICAL_FIRST_MILE_METERS } from '../../../shared/travel.ts';
import { availabilityOf, isBusyAt, type Availability } from '../availability.ts';
import { deliveryTermsAt, shownTermsOf, type DeliveryTerms, type ShownTerms } from '../delivery-terms.ts';
import { findSlotCountsOf } from '../kitchen-slots.service.ts';
import type { SlotCounts } from '../kitchen-slots.ts';
import { nextTurnOf } from '../next-turn.ts';
import type { OrderMode } from '../restaurant.model.ts';
import type { ListedRow } from './listed-row.ts';

/** For whom and when a list is made. */
export interface ListView {
  at: Date;
  point: GeoPoint | null;
  mode: OrderMode | null;
}

/** A restaurant as a list shows it: everything that hangs on place and time is decided. */
export interface ListedRestaurant extends ShownTerms {
  row: ListedRow;
  location: GeoPoint;
  availability: Availability;
  /** Great-circle; null without a point. */
  distanceMeters: number | null;
  /** At the point, for the minimum order; null without a point and where nobody delivers. */
  deliveryFeeMinor: number | null;
  etaMinutes: number | null;
}

type Subject = ReturnType<typeof subjectOf>;

const MINUTE_MS = 60_000;

/** A batch of them: one question for all kitchens that count their orders, none where nobody counts. */
export async function toListedRows(rows: readonly ListedRow[], view: ListView): Promise<ListedRestaurant[]> {
  const kitchens = rows.map(({ _id: id, timeZone, capacity }) => ({ id, timeZone, capacity }));
  const slots = await findSlotCountsOf(kitchens, view.at);
  return rows.map((row) => toListed(row, view, slots.get(row._id)));
}

export function toListed(row: ListedRow, { at, point, mode }: ListView, slot?: SlotCounts): ListedRestaurant {
  const subject = subjectOf(row);
  const terms = point === null ? null : deliveryTermsAt(subject, point);
  const isFar = point !== null && terms !== null;
  return {
    row,
    location: subject.location,
    availability: availabilityOf(subject, { at, point: point ?? undefined, mode: mode ?? undefined, slot }),
    distanceMeters: point === null ? null : greatCircleMeters(subject.location, point),
    ...shownTermsOf(subject, terms),
    deliveryFeeMinor: isFar ? feeAt(subject, terms, point) : null,
    etaMinutes: etaOf(subject, { at, point: isFar ? point : null, mode }),
  };
}

/** The next instant at which something of this changes by itself; Infinity: not in sight. */
export function changesAtMs({ row, availability }: ListedRestaurant, at: Date): number {
  return nextTurnOf(row, availability, at)?.getTime() ?? Infinity;
}

export function earliest(timesMs: readonly number[]): Date | null {
  const first = Math.min(Infinity, ...timesMs);
  return Number.isFinite(first) ? dateFrom(first) : null;
}

function subjectOf(row: ListedRow) {
  const { location, feeBands, freeDeliveryOverMinor, ...rest } = row;
  return { ...rest, location: fromGeoJson(location), feeTable: { bands: feeBands, freeDeliveryOverMinor } };
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
