import type { MenuCategoryRow } from '../../src/modules/menu/menu-category.model.ts';
import { itemDerivedFields } from '../../src/modules/menu/menu-item-derived.ts';
import type { MenuItemRow, MenuOptionGroupRow, MenuSizeRow } from '../../src/modules/menu/menu-item.model.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { daily } from './hours.ts';
import { NESTED_GROUPS, OPTION_GROUPS, type OptionGroupTag } from './option-groups.ts';
import type { Dish } from './parse-menu.ts';
import { tileNameOf, tilePicture } from './pictures.ts';
import { Random } from './random.ts';
import type { CityInput } from './types.ts';

/** Not every kitchen offers every choice. */
const KEPT_GROUPS = 0.95;

/** Where an item stands: `rank` in the menu of the restaurant. */
export interface Seat {
  city: CityInput;
  restaurant: RestaurantRow;
  index: number;
  rank: number;
}

export interface Cooking {
  categoryId: string;
  priceLevel: number;
  random: Random;
}

export function categoryRow(restaurant: RestaurantRow, name: string, rank: number): MenuCategoryRow {
  return {
    _id: idFrom(restaurant._id, 'category', rank),
    restaurantId: restaurant._id,
    name,
    rank,
    mealtimes: name === 'Breakfast' ? daily('06:30', '11:30') : [],
    version: 0,
  };
}

export function itemRow({ city, restaurant, rank }: Seat, dish: Dish, cooking: Cooking): MenuItemRow {
  const { currency } = restaurant;
  const { random, priceLevel, categoryId } = cooking;
  const _id = idFrom(restaurant._id, 'item', rank);
  const kept = dish.groups.filter(() => random.chance(KEPT_GROUPS));
  const priceMinor = priceMinorOf(dish.price * priceLevel, restaurant);
  const isSized = kept.includes('size') && restaurant.cuisines[0] === 'pizza';
  const groups = isSized ? kept.filter((tag) => tag !== 'size') : kept;
  return {
    _id,
    restaurantId: restaurant._id,
    categoryId,
    name: dish.name,
    description: '',
    rank,
    priceMinor,
    currency,
    sku: null,
    taxCategory: dish.taxCategory,
    allergens: dish.allergens,
    diets: dish.diets,
    isAvailable: !random.chance(0.01),
    soldOutUntil: random.chance(0.02) ? new Date(city.now.getTime() + 12 * 3_600_000) : null,
    mealtimes: [],
    stock: stockOf(city, restaurant, _id),
    imageId: null,
    picture: tilePicture(city.tileBase, tileNameOf(restaurant.cuisines[0] ?? '', dish.name, rank)),
    clipImageId: null,
    clipUrl: null,
    sizes: isSized ? pizzaSizes(_id, priceMinor) : [],
    ...itemDerivedFields(dish, restaurant),
    optionGroups: groups.map((tag) => groupRow({ _id, currency }, tag)),
    version: 0,
    createdAt: restaurant.createdAt,
    updatedAt: city.now,
  };
}

/** Whole fives of rupees; where prices include tax, endings such as .95, which break naive rounding; yen and cents in tens. */
function priceMinorOf(price: number, { currency, pricesIncludeTax }: RestaurantRow): number {
  if (currency === 'EUR') return Math.round(price / 10) * 10;
  if (currency === 'JPY') return Math.round(price / 5) * 10;
  const whole = Math.max(5, Math.round(price / 5) * 5) * 100;
  return pricesIncludeTax ? whole - 5 : whole;
}

/** Bakers count what they have baked. */
function stockOf(city: CityInput, { cuisines }: RestaurantRow, itemId: string): number | null {
  const random = new Random(city.seed, 'stock', itemId);
  const isBaker = cuisines[0] === 'bakery' || cuisines[0] === 'boulangerie';
  return isBaker && random.chance(0.35) ? random.whole(4, 40) : null;
}

function pizzaSizes(itemId: string, priceMinor: number): MenuSizeRow[] {
  const sizes: [string, number][] = [
    ['Small, 20 cm', 0],
    ['Medium, 28 cm', 8_000],
    ['Large, 36 cm', 19_000],
  ];
  return sizes.map(([name, moreMinor], position) => ({
    _id: idFrom(itemId, 'size', position),
    name,
    priceMinor: priceMinor + moreMinor,
    isAvailable: true,
    soldOutUntil: null,
  }));
}

interface GroupPlace {
  _id: string;
  currency: string;
  /** The option that asks for the group. */
  parent?: string;
}

export function groupRow({ _id: itemId, currency, parent }: GroupPlace, tag: OptionGroupTag): MenuOptionGroupRow {
  const { name, minSelect, maxSelect, options } = OPTION_GROUPS[tag];
  const below = parent === undefined ? [] : [parent];
  return {
    _id: idFrom(itemId, 'group', tag, ...below),
    name,
    minSelect,
    maxSelect,
    options: options.map(([option, price], position) => {
      const _id = idFrom(itemId, 'option', tag, position, ...below);
      const nested = parent === undefined ? (NESTED_GROUPS[tag] ?? []) : [];
      return {
        _id,
        name: option,
        priceMinor: optionPriceMinor(price, currency),
        isAvailable: true,
        soldOutUntil: null,
        groups: nested.map((one) => groupRow({ _id: itemId, currency, parent: _id }, one)),
      };
    }),
  };
}

function optionPriceMinor(price: number, currency: string): number {
  if (currency === 'EUR') return price;
  return currency === 'JPY' ? price * 2 : price * 100;
}
