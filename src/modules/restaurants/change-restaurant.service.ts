import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { derivedFields } from './derived-fields.ts';
import { RestaurantModel, type RestaurantRow } from './restaurant.model.ts';
import { learnWordsAfter } from './words/words.service.ts';

interface Target {
  restaurantId: string;
  /** Of `If-Match`; absent where the change does not depend on what its caller saw. */
  expectedVersion?: number;
}

type Change = Partial<Omit<RestaurantRow, '_id' | 'version' | 'searchTokens' | 'listKeys' | 'createdAt' | 'updatedAt'>>;

/**
 * The one way to write to a restaurant that exists: derived fields follow, the version grows, and who edits an older version than
 * the stored one loses nothing of anybody. `change` gets the row as it is and may throw.
 * @returns the row as it was and as it is
 * @throws AppError `not_found`, `version_conflict` (with the current version)
 */
export async function changeRestaurant(
  tx: Tx,
  { restaurantId, expectedVersion }: Target,
  change: (row: RestaurantRow) => Change,
): Promise<{ before: RestaurantRow; after: RestaurantRow }> {
  const before = await RestaurantModel.findById(restaurantId).session(tx).lean<RestaurantRow>();
  if (before === null) throw new AppError('not_found');
  const { version: currentVersion } = before;
  if (expectedVersion !== undefined && expectedVersion !== currentVersion) {
    throw new AppError('version_conflict', { details: { currentVersion } });
  }
  const fields = { ...change(before), updatedAt: now() };
  const changed: RestaurantRow = { ...before, ...fields, version: currentVersion + 1 };
  const derived = derivedFields(changed);
  // By _id alone: of two transactions at once the second meets a write conflict, and is run again on the new row.
  await RestaurantModel.collection.updateOne(
    { _id: restaurantId as never },
    { $set: { ...fields, ...derived, version: changed.version } },
    { session: tx },
  );
  if (changed.status === 'live' && isFoundAnew(before, changed)) {
    learnWordsAfter(tx, [changed.name, ...changed.cuisines]);
  }
  return { before, after: { ...changed, ...derived } };
}

function isFoundAnew(before: RestaurantRow, after: RestaurantRow): boolean {
  return (
    before.status !== after.status ||
    before.name !== after.name ||
    before.cuisines.join('/') !== after.cuisines.join('/')
  );
}
