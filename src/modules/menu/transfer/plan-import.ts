import { newId } from '../../../shared/ids.ts';
import type { RestaurantSnapshot } from '../../restaurants/index.ts';
import { foldedName } from '../category-names.ts';
import { MAX_CATEGORIES, MAX_ITEMS } from '../edit-menu.service.ts';
import { taxProblems } from '../item-taxes.ts';
import { itemDerivedFields } from '../menu-item-derived.ts';
import type { MenuCategoryRow } from '../menu-category.model.ts';
import type { MenuItemRow } from '../menu-item.model.ts';
import { stateOf, toGroupRows, toSizeRows } from '../menu-rows.ts';
import { newItem } from '../new-item.ts';
import { pricesOfGroups, pricesOfSizes } from '../prices.ts';
import { isUnchanged, outcomesOf } from './import-outcomes.ts';
import { matchItems, type Pair } from './match-items.ts';
import type { DocumentCategory, DocumentItem, MenuDocument } from './menu-document.schema.ts';
import type { ImportNote, MenuImportRow } from './menu-import.model.ts';

export interface StoredMenu {
  categories: readonly MenuCategoryRow[];
  items: readonly MenuItemRow[];
}

export interface ImportPlan {
  /** Not empty: nothing is written. */
  faults: Omit<ImportNote, 'row'>[];
  categories: MenuCategoryRow[];
  /** As they shall be; `stock` of one that is there stays as it is. */
  items: MenuItemRow[];
  removed: { categories: MenuCategoryRow[]; items: MenuItemRow[] };
  /** What becomes of each item. */
  outcomes: Omit<ImportNote, 'row'>[];
}

interface Import {
  document: MenuDocument;
  stored: StoredMenu;
  mode: MenuImportRow['mode'];
  restaurant: RestaurantSnapshot;
}

/**
 * What an import makes of a menu. Items are found again by id, else by their number (`sku`), else by name in their category; categories
 * by id, else by name. What is found keeps its id, its pictures, its stock and what the kitchen says of it. `replace` takes away what the file does not name.
 */
export function planImport({ document, stored, mode, restaurant }: Import): ImportPlan {
  const categories = matchCategories(document.categories, stored.categories, restaurant.id);
  const categoryIds = categories.map(({ _id }) => _id);
  const pairs = matchItems(document, stored.items, categoryIds);
  const ranks = mode === 'merge' ? ranksBehind(stored) : startRanks();
  const items = pairs.map(({ draft, kept, category }) => {
    const categoryId = categories[category]?._id ?? '';
    return toItemRow({ draft, kept, categoryId, rank: ranks.item(categoryId, kept), restaurant });
  });
  const placed = categories.map((row): MenuCategoryRow => {
    const { isNew: _isNew, ...plain } = row;
    return { ...plain, rank: ranks.category(row) };
  });
  const removed = mode === 'replace' ? missing(stored, { categories: placed, items }) : { categories: [], items: [] };
  const faults = [
    ...faultsOfCurrency(pairs, restaurant.currency),
    ...faultsOfTaxes(pairs, restaurant),
    ...faultsOfTwins(pairs, placed),
    ...faultsOfNumbers({ stored, items, removed: removed.items }, pairs),
    ...faultsOfSize({ stored, categories: placed, items, removed }),
  ];
  const outcomes = pairs.flatMap(({ draft, kept, path }, index) => {
    const row = items[index];
    return row === undefined ? [] : outcomesOf({ draft, kept, row, path });
  });
  return { faults, categories: placed, items, removed, outcomes };
}

function matchCategories(
  drafts: readonly DocumentCategory[],
  stored: readonly MenuCategoryRow[],
  restaurantId: string,
): (MenuCategoryRow & { isNew: boolean })[] {
  const byId = new Map(stored.map((row) => [row._id, row]));
  const byName = new Map(stored.map((row) => [foldedName(row.name), row]));
  return drafts.map(({ id = '', name, mealtimes }) => {
    const kept = byId.get(id) ?? byName.get(foldedName(name));
    const fresh = { _id: newId(), restaurantId, rank: 0, version: -1 };
    return { ...(kept ?? fresh), name, mealtimes, version: (kept?.version ?? -1) + 1, isNew: kept === undefined };
  });
}

interface Placed {
  draft: DocumentItem;
  kept: MenuItemRow | undefined;
  categoryId: string;
  rank: number;
  restaurant: RestaurantSnapshot;
}

function toItemRow(placed: Placed): MenuItemRow {
  const { draft, kept, categoryId, restaurant } = placed;
  const { stock = null } = draft;
  const text = textOf(draft, kept);
  const changed = { ...(kept ?? newItem({ restaurant, categoryId, stock, ...text })), ...text, ...placedParts(placed) };
  const row = { ...changed, ...itemDerivedFields(changed, restaurant) };
  if (kept === undefined) return row;
  return { ...row, version: isUnchanged(kept, row) ? kept.version : kept.version + 1 };
}

function placedParts({ draft, kept, categoryId, rank }: Placed) {
  return {
    ...{ categoryId, rank, version: 0, ...stateOf(draft, kept) },
    sizes: toSizeRows(draft.sizes, kept?.sizes),
    optionGroups: toGroupRows(draft.optionGroups, kept?.optionGroups),
  };
}

function textOf(draft: DocumentItem, kept: MenuItemRow | undefined) {
  const { name, description, taxCategory, allergens, diets, mealtimes, price } = draft;
  // Who is not found by the id keeps the number.
  const isNamed = kept !== undefined && draft.id === kept._id;
  const sku = isNamed ? draft.sku : (draft.sku ?? kept?.sku ?? null);
  return { name, description, sku, taxCategory, allergens, diets, mealtimes, priceMinor: price.amount };
}

interface Ranks {
  category: (row: MenuCategoryRow & { isNew: boolean }) => number;
  item: (categoryId: string, kept: MenuItemRow | undefined) => number;
}

/** In the order of the file. */
function startRanks(): Ranks {
  const counts = new Map<string, number>();
  const next = (key: string) => {
    const rank = counts.get(key) ?? 0;
    counts.set(key, rank + 1);
    return rank;
  };
  return { category: () => next(''), item: (categoryId) => next(categoryId) };
}

/** What is there keeps its place, what is new comes below. */
function ranksBehind({ categories, items }: StoredMenu): Ranks {
  let lastCategory = Math.max(-1, ...categories.map(({ rank }) => rank));
  const lastItem = new Map<string, number>();
  for (const { categoryId, rank } of items) lastItem.set(categoryId, Math.max(lastItem.get(categoryId) ?? -1, rank));
  return {
    category: ({ isNew, rank }) => (isNew ? (lastCategory += 1) : rank),
    item: (categoryId, kept) => {
      if (kept?.categoryId === categoryId) return kept.rank;
      const rank = (lastItem.get(categoryId) ?? -1) + 1;
      lastItem.set(categoryId, rank);
      return rank;
    },
  };
}

function missing(stored: StoredMenu, kept: StoredMenu): ImportPlan['removed'] {
  const ids = new Set([...kept.categories, ...kept.items].map(({ _id }) => _id));
  return {
    categories: stored.categories.filter(({ _id }) => !ids.has(_id)),
    items: stored.items.filter(({ _id }) => !ids.has(_id)),
  };
}

type Faults = ImportPlan['faults'];

function faultsOfCurrency(pairs: readonly Pair[], currency: string): Faults {
  return pairs.flatMap(({ draft, path }) => {
    const prices = [
      { path: 'price', price: draft.price },
      ...pricesOfSizes(draft.sizes),
      ...pricesOfGroups(draft.optionGroups),
    ];
    const foreign = prices.filter(({ price }) => price.currency !== currency);
    const message = `The restaurant sells in ${currency}.`;
    return foreign.map((price) => ({ path: `${path}.${price.path}`, code: 'currency_mismatch', message }));
  });
}

function faultsOfTaxes(pairs: readonly Pair[], restaurant: RestaurantSnapshot): Faults {
  const taxed = pairs.map(({ draft, path }) => ({ path: `${path}.taxCategory`, taxCategory: draft.taxCategory }));
  return taxProblems(restaurant, taxed);
}

/** Two rows of the file that would be one of the menu. */
function faultsOfTwins(pairs: readonly Pair[], categories: readonly MenuCategoryRow[]): Faults {
  const message = 'Another row of the file is the same one already.';
  const twins = (keys: readonly (string | undefined)[]) =>
    keys.map((key, index) => key !== undefined && keys.indexOf(key) !== index);
  const ofItems = twins(pairs.map(({ kept }) => kept?._id));
  const names = twins(categories.map(({ name }) => foldedName(name)));
  const ids = twins(categories.map(({ _id }) => _id));
  return [
    ...categories.flatMap((_row, index) =>
      names[index] === true || ids[index] === true
        ? [{ path: `categories.${index}.name`, code: 'duplicate', message }]
        : [],
    ),
    ...pairs.flatMap(({ path }, index) => (ofItems[index] === true ? [{ path, code: 'duplicate', message }] : [])),
  ];
}

interface After {
  stored: StoredMenu;
  items: readonly MenuItemRow[];
  removed: readonly MenuItemRow[];
}

/** A number belongs to one item of the menu as it will be. */
function faultsOfNumbers({ stored, items, removed }: After, pairs: readonly Pair[]): Faults {
  const changing = new Set([...items, ...removed].map(({ _id }) => _id));
  const taken = new Set(stored.items.filter(({ _id }) => !changing.has(_id)).map(({ sku }) => sku));
  return items.flatMap(({ sku }, index) => {
    if (sku === null) return [];
    if (!taken.has(sku)) {
      taken.add(sku);
      return [];
    }
    const message = `Another item has the number ${sku}.`;
    return [{ path: `${pairs[index]?.path ?? ''}.sku`, code: 'duplicate', message }];
  });
}

function faultsOfSize({
  stored,
  categories,
  items,
  removed,
}: { stored: StoredMenu } & Omit<ImportPlan, 'faults' | 'outcomes'>): Faults {
  const count = (kind: 'categories' | 'items', rows: readonly { _id: string }[], gone: readonly { _id: string }[]) =>
    new Set([...stored[kind], ...rows].map(({ _id }) => _id)).size - gone.length;
  const isTooMuch =
    count('categories', categories, removed.categories) > MAX_CATEGORIES ||
    count('items', items, removed.items) > MAX_ITEMS;
  const message = `A menu has at most ${MAX_CATEGORIES} categories and ${MAX_ITEMS} items.`;
  return isTooMuch ? [{ path: '', code: 'list_full', message }] : [];
}
