import type { MenuCategoryRow } from '../../src/modules/menu/menu-category.model.ts';
import type { MenuItemRow } from '../../src/modules/menu/menu-item.model.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { cuisineOf } from './cuisines/index.ts';
import { categoryRow, itemRow } from './menu-rows.ts';
import { parseMenu, type MenuSection } from './parse-menu.ts';
import { Random } from './random.ts';
import { specialItems } from './special-items.ts';
import type { CityInput } from './types.ts';

export interface Menu {
  categories: MenuCategoryRow[];
  items: MenuItemRow[];
}

const DISHES_OF_FIRST_CUISINE: [number, number] = [20, 26];
const DISHES_OF_SECOND_CUISINE = 5;

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
  const seat = { city, restaurant, index, rank: menu.items.length };
  menu.items.push(...specialItems(seat, menu.categories.at(-1)?._id));
  return menu;
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

/**
 * Cuts the menus of a whole city to exactly these numbers, at the end of the last menus, so that those of a small city stay as they
 * are. @throws RangeError where there is less than that
 */
export function cutMenus(menus: readonly Menu[], size: { items: number; optionGroups: number }): void {
  const fromLast = [...menus].reverse();
  let surplus = sum(menus, ({ items }) => items.length) - size.items;
  for (const { items } of fromLast.slice(0, surplus)) items.splice(-1, 1);
  surplus -= Math.min(surplus, menus.length);
  const groups = sum(menus, ({ items }) => sum(items, ({ optionGroups }) => optionGroups.length));
  let left = groups - size.optionGroups;
  if (surplus !== 0 || left < 0)
    throw new RangeError(`the menus have ${groups} option groups and ${surplus} items more`);
  for (const item of fromLast.flatMap(({ items }) => items)) {
    if (left === 0) break;
    left -= item.optionGroups.splice(0, left).length;
  }
}

function sum<T>(values: readonly T[], numberOf: (value: T) => number): number {
  return values.reduce((total, value) => total + numberOf(value), 0);
}
