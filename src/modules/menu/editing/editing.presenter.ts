import { now } from '../../../shared/clock.ts';
import { money } from '../../../shared/money.ts';
import { pictureUrl } from '../../../shared/picture.ts';
import type { MenuCategoryRow } from '../menu-category.model.ts';
import type { MenuItemRow, MenuOptionGroupRow, MenuSizeRow } from '../menu-item.model.ts';
import type { ConsoleCategoryBody, ConsoleItemBody } from './editing-shapes.schema.ts';

export function toCategoryView({
  _id,
  restaurantId,
  name,
  rank,
  mealtimes,
  version,
}: MenuCategoryRow): ConsoleCategoryBody {
  return { id: _id, restaurantId, name, rank, mealtimes, version };
}

/** As it is stored: what is switched off and what is hidden from customers too. */
export function toItemView(row: MenuItemRow): ConsoleItemBody {
  const { _id, currency, picture, soldOutUntil, sizes, optionGroups, priceMinor } = row;
  const { restaurantId, categoryId, name, description, sku, rank, taxCategory, allergens, diets } = row;
  return {
    id: _id,
    ...{ restaurantId, categoryId, name, description, sku, rank, taxCategory, allergens, diets },
    price: money(priceMinor, currency),
    imageUrl: pictureUrl(picture),
    ...{ picture, clipUrl: row.clipUrl, mealtimes: row.mealtimes, stock: row.stock },
    isAvailable: row.isAvailable,
    soldOutUntil: stillAhead(soldOutUntil),
    sizes: sizes.map((size) => toPricedView(size, currency)),
    optionGroups: optionGroups.map((group) => toGroupView(group, currency)),
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  };
}

function toGroupView(group: MenuOptionGroupRow, currency: string): ConsoleItemBody['optionGroups'][number] {
  const options = group.options.map((option) => ({
    ...toPricedView(option, currency),
    groups: option.groups.map((nested) => ({
      ...toGroupFields(nested),
      options: nested.options.map((below) => toPricedView(below, currency)),
    })),
  }));
  return { ...toGroupFields(group), options };
}

function toGroupFields({ _id: id, name, minSelect, maxSelect }: MenuOptionGroupRow) {
  return { id, name, isRequired: minSelect > 0, minSelect, maxSelect };
}

function toPricedView({ _id: id, name, priceMinor, isAvailable, soldOutUntil }: MenuSizeRow, currency: string) {
  return { id, name, price: money(priceMinor, currency), isAvailable, soldOutUntil: stillAhead(soldOutUntil) };
}

function stillAhead(soldOutUntil: Date | null): string | null {
  return soldOutUntil !== null && soldOutUntil > now() ? soldOutUntil.toISOString() : null;
}
