import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { money } from '../../../shared/money.ts';
import { boundedLane } from '../../../infra/lifecycle/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import type { MenuCategoryRow } from '../menu-category.model.ts';
import type { MenuItemRow, MenuOptionGroupRow, MenuSizeRow } from '../menu-item.model.ts';
import { categoriesQuery, itemsQuery } from '../menu.queries.ts';
import { MENU_FORMAT, type DocumentItem, type MenuDocument } from './menu-document.schema.ts';

/** Each may be some megabytes, of rows and of the document. */
const lane = boundedLane(4);

/** The whole menu as the document that an import takes. Pictures are not part of it. @throws AppError `not_found`, `forbidden`, `overloaded` */
export async function exportMenu(restaurantId: string, actor: Actor): Promise<MenuDocument> {
  await assertWorksAt(restaurantId, actor.userId, 'menu.edit');
  return lane(() => documentOf(restaurantId));
}

async function documentOf(restaurantId: string): Promise<MenuDocument> {
  const [categories, items] = await Promise.all([
    categoriesQuery(restaurantId).lean<MenuCategoryRow[]>(),
    itemsQuery(restaurantId).lean<MenuItemRow[]>(),
  ]);
  const byCategory = Map.groupBy(items, ({ categoryId }) => categoryId);
  return {
    format: MENU_FORMAT,
    categories: categories.map(({ _id: id, name, mealtimes }) => {
      return { id, name, mealtimes, items: (byCategory.get(id) ?? []).map(toDocumentItem) };
    }),
  };
}

function toDocumentItem(row: MenuItemRow): DocumentItem {
  const { _id: id, sku, name, description, taxCategory, allergens, diets, mealtimes, currency, stock } = row;
  return {
    ...{ id, sku, name, description, taxCategory, allergens, diets, mealtimes, stock },
    price: money(row.priceMinor, currency),
    ...toState(row),
    sizes: row.sizes.map((size) => toPriced(size, currency)),
    optionGroups: row.optionGroups.map((group) => {
      const options = group.options.map((option) => ({
        ...toPriced(option, currency),
        groups: option.groups.map((nested) => {
          return { ...toGroup(nested), options: nested.options.map((below) => toPriced(below, currency)) };
        }),
      }));
      return { ...toGroup(group), options };
    }),
  };
}

function toGroup({ _id: id, name, minSelect, maxSelect }: MenuOptionGroupRow) {
  return { id, name, minSelect, maxSelect };
}

function toPriced({ _id: id, name, priceMinor, ...state }: MenuSizeRow, currency: string) {
  return { id, name, price: money(priceMinor, currency), ...toState(state) };
}

function toState({ isAvailable, soldOutUntil }: Pick<MenuItemRow, 'isAvailable' | 'soldOutUntil'>) {
  const isAhead = soldOutUntil !== null && soldOutUntil > now();
  return { isAvailable, soldOutUntil: isAhead ? soldOutUntil.toISOString() : null };
}
