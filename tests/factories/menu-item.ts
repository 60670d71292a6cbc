import { MenuCategoryModel, type MenuCategoryRow } from '../../src/modules/menu/menu-category.model.ts';
import {
  MenuItemModel,
  type MenuItemRow,
  type MenuOptionGroupRow,
  type MenuOptionRow,
} from '../../src/modules/menu/menu-item.model.ts';
import { itemDerivedFields } from '../../src/modules/menu/menu-item-derived.ts';
import { MenuImportModel, type MenuImportRow } from '../../src/modules/menu/transfer/menu-import.model.ts';
import { now, secondsFromNow } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

export async function createCategory(changes: Partial<MenuCategoryRow> = {}): Promise<MenuCategoryRow> {
  const row: MenuCategoryRow = {
    _id: newId(),
    restaurantId: newId(),
    name: 'Mains',
    rank: 0,
    mealtimes: [],
    version: 0,
    ...changes,
  };
  await new MenuCategoryModel(row).save();
  return row;
}

/** Can be ordered without options. */
export function buildMenuItem(changes: Partial<MenuItemRow> = {}): MenuItemRow {
  return {
    _id: newId(),
    restaurantId: newId(),
    categoryId: newId(),
    name: 'Vegetable biryani',
    description: '',
    rank: 0,
    priceMinor: 24_900,
    currency: 'INR',
    sku: null,
    taxCategory: 'food',
    allergens: [],
    diets: ['vegetarian'],
    isAvailable: true,
    soldOutUntil: null,
    mealtimes: [],
    stock: null,
    imageId: null,
    picture: null,
    clipImageId: null,
    clipUrl: null,
    sizes: [],
    ...itemDerivedFields({ name: changes.name ?? 'Vegetable biryani' }, { status: 'live' }),
    optionGroups: [],
    version: 0,
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
}

export async function createMenuItem(changes: Partial<MenuItemRow> = {}): Promise<MenuItemRow> {
  const row = buildMenuItem(changes);
  await new MenuItemModel(row).save();
  return row;
}

/** Required and single unless told otherwise. */
export function buildOptionGroup(changes: Partial<MenuOptionGroupRow> = {}): MenuOptionGroupRow {
  const options = [buildOption({ name: 'Small' }), buildOption({ name: 'Large', priceMinor: 6_000 })];
  return { _id: newId(), name: 'Size', minSelect: 1, maxSelect: 1, options, ...changes };
}

export function buildOption(changes: Partial<MenuOptionRow> = {}): MenuOptionRow {
  return { _id: newId(), name: 'Small', priceMinor: 0, isAvailable: true, soldOutUntil: null, groups: [], ...changes };
}

/** Refused, and its report read. */
export async function createMenuImport(changes: Partial<MenuImportRow> = {}): Promise<MenuImportRow> {
  const row: MenuImportRow = {
    ...{ _id: newId(), restaurantId: newId(), requestedBy: newId(), format: 'csv', mode: 'merge', status: 'refused' },
    ...{ body: null, report: [], isReportCut: false, categories: 0, items: 0 },
    ...{ createdAt: now(), finishedAt: now(), expiresAt: secondsFromNow(3_600) },
    ...changes,
  };
  await new MenuImportModel(row).save();
  return row;
}
