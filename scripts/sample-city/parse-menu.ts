import { ALLERGENS, DIETS, type MenuItemRow } from '../../src/modules/menu/menu-item.model.ts';
import { isOptionGroupTag, type OptionGroupTag } from './option-groups.ts';

export interface Dish {
  name: string;
  /** In the unit of its table: rupees, or cents. */
  price: number;
  diets: MenuItemRow['diets'];
  allergens: MenuItemRow['allergens'];
  taxCategory: MenuItemRow['taxCategory'];
  groups: OptionGroupTag[];
}

export interface MenuSection {
  name: string;
  dishes: Dish[];
}

const DIET_TAGS: Record<string, MenuItemRow['diets']> = {
  veg: ['vegetarian'],
  vegan: ['vegetarian', 'vegan'],
  gf: ['gluten-free'],
};
const ALLERGEN_TAGS: Record<string, MenuItemRow['allergens'][number]> = { shellfish: 'crustaceans' };
const DISH_LINE = /^(?<name>.+?) {2,}(?<price>\d+)(?<tags>(?: +\S+)*)$/;

/**
 * Reads a menu table: `# Section` lines, and under each `Name   price  tags`. Tags are diets (`veg`, `vegan`, `gf` for short),
 * allergens, `drink`, `alcohol` and `packaged` for the tax category, and `+name` for an option group.
 * @throws Error that names the line it cannot read
 */
export function parseMenu(table: string): MenuSection[] {
  const sections: MenuSection[] = [];
  for (const line of table.split('\n').map((text) => text.trim())) {
    if (line.startsWith('# ')) sections.push({ name: line.slice(2), dishes: [] });
    else if (line !== '') sections.at(-1)?.dishes.push(parseDish(line));
  }
  return sections;
}

function parseDish(line: string): Dish {
  const { name, price, tags = '' } = DISH_LINE.exec(line)?.groups ?? {};
  if (name === undefined) throw new Error(`not a dish: ${line}`);
  const dish: Dish = { name, price: Number(price), diets: [], allergens: [], taxCategory: 'food', groups: [] };
  for (const tag of tags.split(' ').filter((text) => text !== '')) applyTag(dish, tag);
  return dish;
}

function applyTag(dish: Dish, tag: string): void {
  const diets = DIET_TAGS[tag] ?? DIETS.filter((diet) => diet === tag);
  const allergen = ALLERGEN_TAGS[tag] ?? ALLERGENS.find((one) => one === tag);
  const group = tag.startsWith('+') ? tag.slice(1) : '';
  if (diets.length > 0) dish.diets.push(...diets);
  else if (allergen !== undefined) dish.allergens.push(allergen);
  else if (isOptionGroupTag(group)) dish.groups.push(group);
  else if (tag === 'drink') dish.taxCategory = 'beverage';
  else if (tag === 'alcohol') dish.taxCategory = 'alcohol';
  else if (tag === 'packaged') dish.taxCategory = 'packaged';
  else throw new Error(`${dish.name}: no such tag ${tag}`);
}
