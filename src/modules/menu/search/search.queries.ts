import { trusted, type mongo } from 'mongoose';
import { findUsed } from '../../../infra/mongo/index.ts';
import type { WordChoice } from '../../restaurants/index.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';

export type FoundDish = Pick<
  MenuItemRow,
  | '_id'
  | 'restaurantId'
  | 'categoryId'
  | 'name'
  | 'priceMinor'
  | 'currency'
  | 'diets'
  | 'picture'
  | 'isAvailable'
  | 'soldOutUntil'
  | 'stock'
  | 'mealtimes'
  | 'sizes'
>;

const FOUND_FIELDS = {
  _id: 1,
  restaurantId: 1,
  categoryId: 1,
  name: 1,
  priceMinor: 1,
  currency: 1,
  diets: 1,
  picture: 1,
  isAvailable: 1,
  soldOutUntil: 1,
  stock: 1,
  mealtimes: 1,
  sizes: 1,
} as const satisfies Record<keyof FoundDish, 1>;

const BY_WORD = { searchTokens: 1, restaurantId: 1, _id: 1 } as const;

export interface DishWords {
  /** Enters the index; the rarest. */
  leading: WordChoice;
  all: readonly WordChoice[];
}

/** How many dishes have one of these words, counted in the index alone; `most`: that many or more. */
export function countDishes(choice: WordChoice, most: number): Promise<number> {
  return MenuItemModel.collection.countDocuments(
    { searchTokens: { $in: [...choice] } },
    { limit: most, hint: BY_WORD },
  );
}

/** The words among these that a dish of a live restaurant has in its name. */
export function findWordsOfDishes(words: readonly string[]): Promise<Set<string>> {
  return findUsed({ collection: MenuItemModel.collection.collectionName, field: 'searchTokens' }, words);
}

/** Among the first `mostRead` dishes with the leading word, those that have each of the words. */
export function dishesQuery(words: DishWords, mostRead: number): mongo.AggregationCursor<FoundDish> {
  return matching(words, {}, mostRead);
}

/** The same of some restaurants alone. */
export function dishesAtQuery(
  words: DishWords,
  restaurantIds: readonly string[],
  mostRead: number,
): mongo.AggregationCursor<FoundDish> {
  return matching(words, { restaurantId: { $in: [...restaurantIds] } }, mostRead);
}

function matching({ leading, all }: DishWords, where: object, mostRead: number): mongo.AggregationCursor<FoundDish> {
  const rest = all.filter((choice) => choice !== leading);
  const stages = [
    { $match: { searchTokens: { $in: [...leading] }, ...where } },
    { $limit: mostRead },
    ...rest.map((choice) => ({ $match: { searchTokens: { $in: [...choice] } } })),
    { $project: FOUND_FIELDS },
  ];
  return MenuItemModel.collection.aggregate<FoundDish>(stages, { hint: BY_WORD });
}

/** What must be chosen with a dish; for those that are shown, as it weighs more than the dish itself. */
export function choicesQuery(ids: readonly string[]) {
  const where = { _id: trusted({ $in: [...ids] }) };
  return MenuItemModel.find(where, { optionGroups: 1 })
    .hint({ _id: 1 })
    .lean<Pick<MenuItemRow, '_id' | 'optionGroups'>[]>();
}
