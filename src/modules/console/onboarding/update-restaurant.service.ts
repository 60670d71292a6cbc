import { AppError, type FieldProblem } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import type { FeeBand } from '../../../shared/delivery-fee.ts';
import { toGeoJson, type GeoJsonPoint, type GeoPoint } from '../../../shared/geo.ts';
import { canStaff } from '../../../shared/permissions.ts';
import { ensureMenu, getMenuStand, holdMenu } from '../../menu/index.ts';
import {
  changeRestaurant,
  toRestaurantSnapshot,
  untaxedOnSale,
  type NewRestaurant,
  type RestaurantSnapshot,
} from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { assertOwnBrand } from '../brands/brands.service.ts';
import { asNameTaken, followBranch } from '../brands/public-name.service.ts';
import { auditTerms } from '../audit-terms.service.ts';
import { reachProblems } from '../hours-and-areas/delivery-reach.ts';
import { assertStaysApproved } from './approved-terms.policy.ts';
import { asTwin } from './draft-limits.service.ts';

/** What an admin has approved, and what money hangs on: the owner's alone, and audited once it is no draft. */
const TERMS = [
  'name',
  'addressLine',
  'location',
  'timeZone',
  'currency',
  'brandId',
  'serviceFeeMinor',
  'packagingFeeMinor',
  'smallOrderFee',
  'autoAccept',
  'taxRates',
  'pricesIncludeTax',
  'taxRegistration',
] as const;

type Editable = Omit<NewRestaurant, 'slug' | 'ownerId'>;
type Change = { [K in keyof Editable]?: Editable[K] | undefined };

interface Edit {
  restaurantId: string;
  expectedVersion: number;
  change: Change;
}

/**
 * @throws AppError `version_conflict`, `already_exists` (a draft of that name and place, or a brand's name), `currency_fixed`, `terms_approved`, `tax_rate_missing`, `validation_failed` (a
 *   place from which its delivery terms do not reach); `not_found`, also for a
 *   brand of somebody else; `forbidden`, also for terms that only the owner changes
 */
export async function updateRestaurant(edit: Edit, { userId }: Actor): Promise<RestaurantSnapshot> {
  const role = await assertWorksAt(edit.restaurantId, userId, 'restaurant.edit');
  const touchesTerms = TERMS.some((term) => edit.change[term] !== undefined);
  if (touchesTerms && !canStaff(role, 'restaurant.terms')) throw new AppError('forbidden');
  // The dishes have these of their restaurant.
  const holdsMenu = edit.change.currency !== undefined || edit.change.taxRates !== undefined;
  if (holdsMenu) await ensureMenu(edit.restaurantId);
  try {
    return await withTransaction(async (tx) => {
      if (holdsMenu) await holdMenu(tx, edit.restaurantId);
      return writeEdit(tx, edit, userId);
    });
  } catch (error) {
    throw asNameTaken(asTwin(error), 'brandId');
  }
}

async function writeEdit(
  tx: Tx,
  { change: { location, ...change }, ...target }: Edit,
  userId: string,
): Promise<RestaurantSnapshot> {
  const { restaurantId } = target;
  if (typeof change.brandId === 'string') await assertOwnBrand(tx, change.brandId, userId);
  const asksMenu = change.currency !== undefined || change.taxRates !== undefined;
  const menu = asksMenu ? await getMenuStand(restaurantId, tx) : null;
  const { before, after } = await changeRestaurant(tx, target, (row) => {
    if (change.taxRates !== undefined) assertRates({ ...row, taxRates: change.taxRates }, menu?.taxCategories ?? []);
    assertStaysApproved(row, { ...change, location });
    assertCurrencyFree(row, change.currency ?? row.currency, menu?.itemCount ?? 0);
    return { ...given(change), ...(location === undefined ? {} : movedTo(location, row)) };
  });
  await followBranch(tx, before, after);
  const restaurant = toRestaurantSnapshot(after);
  await auditTerms(tx, { before: toRestaurantSnapshot(before), after: restaurant, terms: TERMS });
  return restaurant;
}

/** @throws AppError `currency_fixed` where dishes are priced already, or customers know it */
function assertCurrencyFree(row: { status: string; currency: string }, wanted: string, itemCount: number): void {
  if (wanted !== row.currency && (itemCount > 0 || row.status !== 'draft')) throw new AppError('currency_fixed');
}

/** @throws AppError `tax_rate_missing` where dishes on sale would lose theirs */
function assertRates(restaurant: Pick<RestaurantSnapshot, 'status' | 'taxRates'>, categories: readonly string[]): void {
  const details = untaxedOnSale(restaurant, categories).map((category) => {
    const message = `There are dishes of the category ${category}: give its rate, if only 0.`;
    return { path: `taxRates.${category}`, code: 'tax_rate_missing', message };
  });
  if (details.length > 0) throw new AppError('tax_rate_missing', { details });
}

type Promises = Pick<RestaurantSnapshot, 'deliveryAreas' | 'deliveryRadiusMeters'> & { feeBands: FeeBand[] };

/** Its delivery terms stay as they are. @throws AppError `validation_failed` where they would not reach from there */
function movedTo(location: GeoPoint, { deliveryAreas: areas, ...row }: Promises): { location: GeoJsonPoint } {
  const saysNothing = areas.length === 0 && row.feeBands.length === 0;
  const problems = saysNothing ? [] : reachProblems({ ...row, areas }, location);
  if (problems.length === 0) return { location: toGeoJson(location) };
  const details = problems.map(({ path, message, areaName }): FieldProblem => {
    const what = `delivery.${path}${areaName === null ? '' : ` (${areaName})`}`;
    return { path: 'location', code: 'out_of_bounds', message: `From there ${what} ${message}. Change it first.` };
  });
  throw new AppError('validation_failed', { details });
}

/** What is not there is not changed. */
function given<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
