import { config } from '../../../config/index.ts';
import { AppError, invalidCursor } from '../../../errors/index.ts';
import { now } from '../../../shared/clock.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import {
  findAvailabilities,
  listLiveBranches,
  nextTurnOf,
  type Availability,
  type RestaurantSnapshot,
} from '../../restaurants/index.ts';
import { BrandModel, type BrandRow } from './brand.model.ts';

export interface Branch {
  restaurant: RestaurantSnapshot;
  availability: Availability;
}

export interface PublicBrand {
  row: BrandRow;
  /** One of those that make it public. */
  liveBranchId: string;
}

/** As the public sees it: a name that nobody has approved is not there. @throws AppError `not_found` without a live branch */
export async function getBrand(brandId: string): Promise<PublicBrand> {
  const [row, branches] = await Promise.all([
    BrandModel.findById(brandId).lean<BrandRow>(),
    listLiveBranches(brandId, { afterSlug: '', limit: 1 }),
  ]);
  const [first] = branches;
  if (row === null || first === undefined) throw new AppError('not_found');
  return { row, liveBranchId: first.id };
}

interface BranchList {
  brandId: string;
  limit: number;
  cursor?: string | undefined;
}

interface BranchPage {
  data: Branch[];
  limit: number;
  nextCursor: string | null;
  /** When one of them opens, closes or comes back; null: not in sight. */
  validUntil: Date | null;
}

/** The live ones, by public address. @throws AppError `not_found` as `getBrand` */
export async function listBranches({ brandId, limit, cursor }: BranchList): Promise<BranchPage> {
  await getBrand(brandId);
  const scope = `branches ${brandId}`;
  const afterSlug = cursor === undefined ? '' : openCursor(cursor, scope, config.quotes.secret);
  if (typeof afterSlug !== 'string') throw invalidCursor();
  const restaurants = await listLiveBranches(brandId, { afterSlug, limit: limit + 1 });
  const shown = restaurants.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = restaurants.length > limit && last !== undefined;
  const at = now();
  const availabilities = await findAvailabilities(shown, at);
  return {
    data: shown.flatMap((restaurant) => {
      const availability = availabilities.get(restaurant.id);
      return availability === undefined ? [] : [{ restaurant, availability }];
    }),
    limit,
    nextCursor: hasMore ? sealCursor(last.slug, scope, config.quotes.secret) : null,
    validUntil: earliestTurn(shown, availabilities, at),
  };
}

function earliestTurn(
  shown: readonly RestaurantSnapshot[],
  availabilities: ReadonlyMap<string, Availability>,
  at: Date,
): Date | null {
  const turns = shown.flatMap((restaurant) => {
    const availability = availabilities.get(restaurant.id);
    return availability === undefined ? [] : (nextTurnOf(restaurant, availability, at) ?? []);
  });
  return turns.reduce<Date | null>((first, turn) => (first === null || turn < first ? turn : first), null);
}
