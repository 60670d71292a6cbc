import { trusted } from 'mongoose';
import { now } from '../../shared/clock.ts';
import { itemAvailabilityOf } from '../restaurants/index.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';

type Sellable = Pick<MenuItemRow, 'restaurantId' | 'isAvailable' | 'soldOutUntil' | 'stock' | 'sizes' | 'optionGroups'>;

const SELLABLE_FIELDS = {
  ...{ _id: 0, restaurantId: 1, isAvailable: 1, soldOutUntil: 1, stock: 1 },
  ...{ sizes: 1, optionGroups: 1 },
} as const;
/** Of all of them together. */
const MAX_READ = 20_000;

/** Dishes of each menu that cannot be had, whatever the hour. One query; a dish that is plainly there is looked at, and not read. */
export async function countSoldOut(restaurantIds: readonly string[]): Promise<Map<string, number>> {
  const at = now();
  const rows = await MenuItemModel.find({
    restaurantId: trusted({ $in: [...restaurantIds] }),
    $or: [
      { isAvailable: false },
      { soldOutUntil: trusted({ $gt: at }) },
      { stock: 0 },
      // Whether enough is left to choose is decided below.
      { 'sizes.0': trusted({ $exists: true }) },
      { 'optionGroups.0': trusted({ $exists: true }) },
    ],
  })
    .select(SELLABLE_FIELDS)
    .limit(MAX_READ)
    .hint({ restaurantId: 1, rank: 1, _id: 1 })
    .lean<Sellable[]>();
  const moment = { at, restaurant: { timeZone: 'UTC' } };
  const gone = rows.filter((row) => !itemAvailabilityOf(row, moment).isAvailable);
  const byRestaurant = Map.groupBy(gone, ({ restaurantId }) => restaurantId);
  return new Map(restaurantIds.map((id) => [id, byRestaurant.get(id)?.length ?? 0]));
}
