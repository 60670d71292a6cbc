import type { MenuItemRow, MenuOptionRow } from './menu-item.model.ts';
import type { SelectableGroup, SelectableOption } from './selection.ts';

export interface MenuOption extends SelectableOption {
  /** As of the time it was read: switched on, and not sold out. */
  isAvailable: boolean;
  soldOutUntil: Date | null;
}

/** An item as other modules see it: plain data. */
export interface MenuItem {
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
  isAvailable: boolean;
  soldOutUntil: Date | null;
  stock: number | null;
  mealtimes: MenuItemRow['mealtimes'];
  imageId: string | null;
  picture: MenuItemRow['picture'];
  clipUrl: string | null;
  sizes: (Omit<MenuItemRow['sizes'][number], '_id'> & { id: string })[];
  optionGroups: SelectableGroup<MenuOption>[];
}

export function toMenuItem(row: MenuItemRow, at: Date): MenuItem {
  const { _id, optionGroups, sizes, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = row;
  const { searchTokens: _tokens, region: _region, clipImageId: _clip, ...shown } = rest;
  return {
    ...shown,
    id: _id,
    ...orderableAt(row, at),
    sizes: sizes.map((size) => ({
      id: size._id,
      name: size.name,
      priceMinor: size.priceMinor,
      ...orderableAt(size, at),
    })),
    optionGroups: optionGroups.map(({ _id: id, name, minSelect, maxSelect, options }) => {
      return { id, name, minSelect, maxSelect, options: options.map((option) => toMenuOption(option, at)) };
    }),
  };
}

function toMenuOption(row: MenuOptionRow, at: Date): MenuOption {
  const { _id, name, priceMinor } = row;
  return { id: _id, name, priceMinor, ...orderableAt(row, at) };
}

/** `soldOutUntil` is told only while it matters: null once it has passed. */
function orderableAt(
  row: { isAvailable: boolean; soldOutUntil: Date | null },
  at: Date,
): { isAvailable: boolean; soldOutUntil: Date | null } {
  const soldOutUntil = row.soldOutUntil !== null && row.soldOutUntil > at ? row.soldOutUntil : null;
  return { isAvailable: row.isAvailable && soldOutUntil === null, soldOutUntil };
}
