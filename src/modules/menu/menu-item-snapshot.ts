import { itemAvailabilityOf, type ItemUnavailableReason, type WeeklySpan } from '../restaurants/index.ts';
import type { MenuItemRow, MenuOptionGroupRow, MenuOptionRow, MenuSizeRow } from './menu-item.model.ts';
import type { SelectableGroup, SelectableOption, SelectableSize } from './selection.ts';

/** As of the time it was read. */
interface Orderable {
  isAvailable: boolean;
  /** Null once it has passed. */
  soldOutUntil: Date | null;
}

export interface MenuOption extends SelectableOption, Orderable {
  groups?: SelectableGroup<MenuOption>[];
}

export interface MenuSize extends SelectableSize, Orderable {}

/** An item as other modules see it: plain data. */
export interface MenuItem extends Orderable {
  id: string;
  restaurantId: string;
  categoryId: string;
  name: string;
  description: string;
  rank: number;
  priceMinor: number;
  currency: string;
  taxCategory: MenuItemRow['taxCategory'];
  allergens: MenuItemRow['allergens'];
  diets: MenuItemRow['diets'];
  /** Why it cannot be ordered now; null: it can. */
  reason: ItemUnavailableReason | null;
  /** Null while it can, and where only a person brings it back. */
  nextAvailableAt: Date | null;
  stock: number | null;
  /** Its own, or else its category's. */
  mealtimes: WeeklySpan[];
  imageId: string | null;
  picture: MenuItemRow['picture'];
  clipUrl: string | null;
  sizes: MenuSize[];
  optionGroups: SelectableGroup<MenuOption>[];
}

export interface MenuMoment {
  at: Date;
  restaurant: { timeZone: string };
  /** Of the item's category. */
  mealtimes?: readonly WeeklySpan[] | undefined;
}

export function toMenuItem(row: MenuItemRow, moment: MenuMoment): MenuItem {
  const { _id, optionGroups, sizes, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = row;
  const { searchTokens: _tokens, clipImageId: _clip, sku: _sku, ...shown } = rest;
  const mealtimes = mealtimesOf(row, moment.mealtimes);
  const { isAvailable, reason, nextAvailableAt } = itemAvailabilityOf({ ...row, mealtimes }, moment);
  return {
    ...shown,
    id: _id,
    ...{ isAvailable, reason, nextAvailableAt, mealtimes },
    soldOutUntil: stillAhead(row, moment),
    sizes: sizes.map((size) => toMenuSize(size, moment)),
    optionGroups: optionGroups.map((group) => toMenuGroup(group, moment)),
  };
}

/** An item's own mealtimes take the place of its category's. */
export function mealtimesOf(item: { mealtimes: WeeklySpan[] }, ofCategory: readonly WeeklySpan[] = []): WeeklySpan[] {
  return item.mealtimes.length > 0 ? item.mealtimes : [...ofCategory];
}

function toMenuSize(row: MenuSizeRow, moment: MenuMoment): MenuSize {
  const { _id: id, name, priceMinor } = row;
  return { id, name, priceMinor, ...orderableAt(row, moment) };
}

function toMenuGroup(row: MenuOptionGroupRow, moment: MenuMoment): SelectableGroup<MenuOption> {
  const { _id: id, name, minSelect, maxSelect, options } = row;
  return { id, name, minSelect, maxSelect, options: options.map((option) => toMenuOption(option, moment)) };
}

function toMenuOption(row: MenuOptionRow, moment: MenuMoment): MenuOption {
  const { _id: id, name, priceMinor, groups } = row;
  const nested = groups.map((group) => toMenuGroup(group, moment));
  return { id, name, priceMinor, ...orderableAt(row, moment), groups: nested };
}

function orderableAt(row: MenuSizeRow | MenuOptionRow, moment: MenuMoment): Orderable {
  return { isAvailable: itemAvailabilityOf(row, moment).isAvailable, soldOutUntil: stillAhead(row, moment) };
}

function stillAhead({ soldOutUntil }: Orderable, { at }: MenuMoment): Date | null {
  return soldOutUntil !== null && soldOutUntil > at ? soldOutUntil : null;
}
