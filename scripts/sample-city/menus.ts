import type { MenuCategoryRow } from '../../src/modules/menu/menu-category.model.ts';
import type { MenuItemRow, MenuOptionGroupRow } from '../../src/modules/menu/menu-item.model.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { cuisineOf } from './cuisines/index.ts';
import { OPTION_GROUPS, type OptionGroupTag } from './option-groups.ts';
import { parseMenu, type Dish, type MenuSection } from './parse-menu.ts';
import { Random } from './random.ts';
import type { CityInput } from './types.ts';

export interface Menu {
  categories: MenuCategoryRow[];
  items: MenuItemRow[];
}

const DISHES_OF_FIRST_CUISINE: [number, number] = [20, 26];
const DISHES_OF_SECOND_CUISINE = 5;
/** Not every kitchen offers every choice. */
const KEPT_GROUPS = 0.85;

/** A menu from the tables of the restaurant's cuisines, priced in its own way. `index` is its place in the city. */
export function generateMenu(city: CityInput, restaurant: RestaurantRow, index: number): Menu {
  const random = new Random(city.seed, 'menu', index);
  const menu: Menu = { categories: [], items: [] };
  const priceLevel = random.between(0.85, 1.25);
  for (const section of sectionsOf(restaurant, index, random)) {
    const category = categoryRow(restaurant, section.name, menu.categories.length);
    menu.categories.push(category);
    for (const dish of section.dishes) {
      const rank = menu.items.length;
      const seat = { city, restaurant, index, rank };
      menu.items.push(itemRow(seat, dish, { categoryId: category._id, priceLevel, random }));
    }
  }
  menu.items.push(...specialItems({ city, restaurant, index, rank: menu.items.length }, menu));
  return menu;
}

interface Seat {
  city: CityInput;
  restaurant: RestaurantRow;
  index: number;
  rank: number;
}

/** The demo's restaurant cooks its whole table; others a part of it, and a few dishes of their second cuisine. */
function sectionsOf(restaurant: RestaurantRow, index: number, random: Random): MenuSection[] {
  return restaurant.cuisines.flatMap((slug, position) => {
    const sections = parseMenu(cuisineOf(slug).menu);
    const dishes = sections.flatMap((section) => section.dishes);
    const count = position === 0 ? random.whole(...DISHES_OF_FIRST_CUISINE) : DISHES_OF_SECOND_CUISINE;
    const cooked = new Set(index === 0 ? dishes : random.sample(dishes, count));
    return sections
      .map(({ name, dishes: all }) => ({ name, dishes: all.filter((dish) => cooked.has(dish)) }))
      .filter((section) => section.dishes.length > 0);
  });
}

function categoryRow(restaurant: RestaurantRow, name: string, rank: number): MenuCategoryRow {
  return {
    _id: idFrom(restaurant._id, 'category', rank),
    restaurantId: restaurant._id,
    name,
    rank,
    mealtimes: [],
    version: 0,
  };
}

interface Cooking {
  categoryId: string;
  priceLevel: number;
  random: Random;
}

function itemRow({ city, restaurant, rank }: Seat, dish: Dish, cooking: Cooking): MenuItemRow {
  const { currency } = restaurant;
  const { random, priceLevel, categoryId } = cooking;
  const _id = idFrom(restaurant._id, 'item', rank);
  const groups = dish.groups.filter(() => random.chance(KEPT_GROUPS));
  return {
    _id,
    restaurantId: restaurant._id,
    categoryId,
    name: dish.name,
    description: '',
    rank,
    priceMinor: priceMinorOf(dish.rupees * priceLevel, restaurant),
    currency,
    sku: null,
    taxCategory: dish.taxCategory,
    allergens: dish.allergens,
    diets: dish.diets,
    isAvailable: !random.chance(0.01),
    soldOutUntil: random.chance(0.02) ? new Date(city.now.getTime() + 12 * 3_600_000) : null,
    mealtimes: [],
    stock: null,
    imageId: null,
    picture: null,
    clipImageId: null,
    clipUrl: null,
    sizes: [],
    searchTokens: [],
    region: '',
    optionGroups: groups.map((tag) => groupRow(_id, tag, currency)),
    version: 0,
    createdAt: restaurant.createdAt,
    updatedAt: city.now,
  };
}

/** Whole fives of rupees; where prices include tax, endings such as .95, which break naive rounding; yen in tens. */
function priceMinorOf(rupees: number, { currency, pricesIncludeTax }: RestaurantRow): number {
  if (currency === 'JPY') return Math.round(rupees / 5) * 10;
  const whole = Math.max(5, Math.round(rupees / 5) * 5) * 100;
  return pricesIncludeTax ? whole - 5 : whole;
}

function groupRow(itemId: string, tag: OptionGroupTag, currency: string): MenuOptionGroupRow {
  const { name, minSelect, maxSelect, options } = OPTION_GROUPS[tag];
  return {
    _id: idFrom(itemId, 'group', tag),
    name,
    minSelect,
    maxSelect,
    options: options.map(([option, rupees], position) => ({
      _id: idFrom(itemId, 'option', tag, position),
      name: option,
      priceMinor: currency === 'JPY' ? rupees * 2 : rupees * 100,
      isAvailable: true,
      soldOutUntil: null,
      groups: [],
    })),
  };
}

const TASTING_NAME =
  'Chef’s slow-cooked seven-hour celebration platter of everything that was on the market this morning, with rice, two breads, pickles, a salad and a sweet';

/** The rows that must be there whatever the dice say, on the menu of the demo's restaurant. */
function specialItems(seat: Seat, menu: Menu): MenuItemRow[] {
  const { city, index } = seat;
  const categoryId = menu.categories.at(-1)?._id;
  if (index !== 0 || categoryId === undefined) return [];
  const random = new Random(city.seed, 'special-items');
  const make = (offset: number, dish: Partial<Dish>): MenuItemRow => {
    const whole: Dish = { name: '', rupees: 99, diets: [], allergens: [], taxCategory: 'food', groups: [], ...dish };
    const item = itemRow({ ...seat, rank: seat.rank + offset }, whole, { categoryId, priceLevel: 1, random });
    return { ...item, isAvailable: true, soldOutUntil: null };
  };
  const soldOutToday = new Date(city.now.getTime() + 30 * 86_400_000);
  const choice = make(3, { name: 'Falooda of your choice', rupees: 149, groups: ['size'] });
  choice.optionGroups.push(groupRow(choice._id, 'flavour', choice.currency));
  return [
    { ...make(0, { name: 'Malpua (sold out)', diets: ['vegetarian'] }), soldOutUntil: soldOutToday },
    { ...make(1, { name: 'Mango Lassi (not in season)', taxCategory: 'beverage' }), isAvailable: false },
    make(2, { name: TASTING_NAME, rupees: 1_499 }),
    withSoldOutOption(choice, soldOutToday),
    make(4, { name: 'Chilli challenge 🌶️🌶️🌶️', rupees: 249 }),
    make(5, { name: 'حلوى الزعفران', rupees: 129, diets: ['vegetarian'] }),
    { ...make(6, { name: 'Penny pickle', rupees: 0 }), priceMinor: 3_333 },
  ];
}

function withSoldOutOption(item: MenuItemRow, soldOutUntil: Date): MenuItemRow {
  const option = item.optionGroups.at(-1)?.options.at(-1);
  if (option !== undefined) option.soldOutUntil = soldOutUntil;
  return item;
}
