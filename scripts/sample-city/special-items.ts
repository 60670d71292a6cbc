import type { MenuItemRow } from '../../src/modules/menu/menu-item.model.ts';
import { daily } from './hours.ts';
import { groupRow, itemRow, type Seat } from './menu-rows.ts';
import type { Dish } from './parse-menu.ts';
import { Random } from './random.ts';

const TASTING_NAME =
  'Chef’s slow-cooked seven-hour celebration platter of everything that was on the market this morning, with rice, two breads, pickles, a salad and a sweet';

/** The rows that must be there whatever the dice say, at the end of the menu of the demo's restaurant; `adversarial.ts` names them. */
export const SPECIAL_ITEMS = {
  soldOut: 'Malpua (sold out)',
  switchedOff: 'Mango Lassi (not in season)',
  longName: TASTING_NAME,
  soldOutOption: 'Falooda of your choice',
  emojiName: 'Chilli challenge 🌶️🌶️🌶️',
  rightToLeftName: 'حلوى الزعفران',
  awkwardPrice: 'Penny pickle',
  belowMinimum: 'One paisa short',
  lastPortion: 'Grandmother’s last jar of mango pickle',
  lunchOnly: 'Dock workers’ lunch thali',
} as const;

/** `seat.rank`: of the first of them. */
export function specialItems(seat: Seat, categoryId: string | undefined): MenuItemRow[] {
  const { city, index } = seat;
  if (index !== 0 || categoryId === undefined) return [];
  const random = new Random(city.seed, 'special-items');
  const make = (offset: number, dish: Partial<Dish>): MenuItemRow => {
    const whole: Dish = { name: '', price: 99, diets: [], allergens: [], taxCategory: 'food', groups: [], ...dish };
    const item = itemRow({ ...seat, rank: seat.rank + offset }, whole, { categoryId, priceLevel: 1, random });
    return { ...item, isAvailable: true, soldOutUntil: null };
  };
  const soldOutToday = new Date(city.now.getTime() + 30 * 86_400_000);
  const names = SPECIAL_ITEMS;
  const choice = make(3, { name: names.soldOutOption, price: 149 });
  choice.optionGroups = (['size', 'flavour'] as const).map((tag) => groupRow(choice, tag));
  return [
    { ...make(0, { name: names.soldOut, diets: ['vegetarian'] }), soldOutUntil: soldOutToday },
    { ...make(1, { name: names.switchedOff, taxCategory: 'beverage' }), isAvailable: false },
    make(2, { name: names.longName, price: 1_499 }),
    withSoldOutOption(choice, soldOutToday),
    make(4, { name: names.emojiName, price: 249 }),
    make(5, { name: names.rightToLeftName, price: 129, diets: ['vegetarian'] }),
    { ...make(6, { name: names.awkwardPrice, price: 0 }), priceMinor: 3_333 },
    // One less than the minimum of the restaurant.
    { ...make(7, { name: names.belowMinimum }), priceMinor: 14_899 },
    { ...make(8, { name: names.lastPortion, price: 349 }), stock: 1 },
    { ...make(9, { name: names.lunchOnly, price: 219 }), mealtimes: daily('12:00', '15:00') },
  ];
}

function withSoldOutOption(item: MenuItemRow, soldOutUntil: Date): MenuItemRow {
  const option = item.optionGroups.at(-1)?.options.at(-1);
  if (option !== undefined) option.soldOutUntil = soldOutUntil;
  return item;
}
