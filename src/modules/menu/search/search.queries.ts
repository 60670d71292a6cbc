import type { mongo } from 'mongoose';
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

/** Dishes with each of these words. The longest, which is the rarest, leads the index; `regions` empty: anywhere. */
export function dishesQuery(
  words: readonly WordChoice[],
  regions: readonly string[],
  limit: number,
): mongo.FindCursor<FoundDish> {
  const [leading = [], ...rest] = words.toSorted((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0));
  const dishes = MenuItemModel.collection as unknown as mongo.Collection<FoundDish & Pick<MenuItemRow, 'searchTokens'>>;
  return dishes
    .find(
      {
        searchTokens: { $in: [...leading] },
        ...(regions.length === 0 ? {} : { region: { $in: [...regions] } }),
        ...(rest.length === 0 ? {} : { $and: rest.map((choice) => ({ searchTokens: { $in: [...choice] } })) }),
      } as mongo.Filter<FoundDish & Pick<MenuItemRow, 'searchTokens'>>,
      { projection: FOUND_FIELDS },
    )
    .limit(limit)
    .hint({ searchTokens: 1, region: 1, _id: 1 });
}
