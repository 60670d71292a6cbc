import { AppError, type FieldProblem } from '../../../errors/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { nowMs } from '../../../shared/clock.ts';
import { fromGeoJson, type GeoPoint } from '../../../shared/geo.ts';
import { newId } from '../../../shared/ids.ts';
import { changeRestaurant, toRestaurantSnapshot, type RestaurantSnapshot } from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { auditTerms } from '../audit-terms.service.ts';
import type { DeliveryInput } from './delivery-body.ts';
import { reachProblems } from './delivery-reach.ts';

interface Edit {
  restaurantId: string;
  expectedVersion: number;
}

/** What a delivery costs and how far it goes: audited once it is no draft. */
const DELIVERY_TERMS = ['deliveryRadiusMeters', 'feeTable', 'minimumOrderMinor', 'deliveryAreas'] as const;

type State = { state: 'open' } | { state: 'paused' | 'busy'; until: Date };

const HOUR_MS = 3_600_000;
/** Longer is a closure, and belongs into the calendar. */
const LONGEST_MS = { paused: 7 * 24 * HOUR_MS, busy: 12 * HOUR_MS };

/** One state at a time: a pause ends a rush and the other way round. @throws AppError `not_found`, `forbidden`, `validation_failed` */
export async function setState(
  { restaurantId, ...wanted }: State & { restaurantId: string },
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(restaurantId, userId, 'restaurant.pause');
  assertBounded(wanted);
  const change = {
    pausedUntil: wanted.state === 'paused' ? wanted.until : null,
    busyUntil: wanted.state === 'busy' ? wanted.until : null,
  };
  const { after } = await withTransaction((tx) => changeRestaurant(tx, { restaurantId }, () => change));
  return toRestaurantSnapshot(after);
}

/** @throws AppError `not_found`, `forbidden`, `version_conflict`, `validation_failed` */
export async function setDelivery(
  { delivery, ...target }: Edit & { delivery: DeliveryInput },
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(target.restaurantId, userId, 'restaurant.edit');
  const { areas, ...terms } = delivery;
  return withTransaction(async (tx) => {
    const { before, after } = await changeRestaurant(tx, target, ({ location, deliveryAreas }) => {
      assertInReach(delivery, fromGeoJson(location));
      assertKnown(areas, new Set(deliveryAreas.map(({ id }) => id)));
      return { ...terms, deliveryAreas: areas.map(({ id = newId(), ...area }) => ({ id, ...area })) };
    });
    const restaurant = toRestaurantSnapshot(after);
    await auditTerms(tx, { before: toRestaurantSnapshot(before), after: restaurant, terms: DELIVERY_TERMS });
    return restaurant;
  });
}

/** @throws AppError `not_found`, `forbidden`, `version_conflict` */
export async function setCapacity(
  { capacity, ...target }: Edit & Pick<RestaurantSnapshot, 'capacity'>,
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(target.restaurantId, userId, 'restaurant.edit');
  const { after } = await withTransaction((tx) => changeRestaurant(tx, target, () => ({ capacity })));
  return toRestaurantSnapshot(after);
}

function assertBounded(wanted: State): void {
  if (wanted.state === 'open') return;
  const aheadMs = wanted.until.getTime() - nowMs();
  if (aheadMs > 0 && aheadMs <= LONGEST_MS[wanted.state]) return;
  throw refused('until', `must lie ahead, by at most ${LONGEST_MS[wanted.state] / HOUR_MS} hours`);
}

/** @throws AppError `validation_failed` */
function assertInReach(delivery: DeliveryInput, center: GeoPoint): void {
  const details = reachProblems(delivery, center).map(({ path, message }): FieldProblem => {
    return { path, code: 'out_of_bounds', message };
  });
  if (details.length > 0) throw new AppError('validation_failed', { details });
}

function assertKnown(areas: DeliveryInput['areas'], known: ReadonlySet<string>): void {
  const index = areas.findIndex(({ id }) => id !== undefined && !known.has(id));
  if (index >= 0) throw refused(`areas.${index}.id`, 'must be of an area that is there');
}

function refused(path: string, message: string): AppError<'validation_failed'> {
  return new AppError('validation_failed', { details: [{ path, code: 'out_of_bounds', message }] });
}
