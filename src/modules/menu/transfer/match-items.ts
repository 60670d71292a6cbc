import { foldedName } from '../category-names.ts';
import type { MenuItemRow } from '../menu-item.model.ts';
import type { DocumentItem, MenuDocument } from './menu-document.schema.ts';

/** An item of the file, and the one of the menu that it continues. */
export interface Pair {
  draft: DocumentItem;
  kept: MenuItemRow | undefined;
  /** Index in the document. */
  category: number;
  path: string;
}

/**
 * By id, else by number; what has neither, or a new number, by its name in its category, where nothing else of the file is that item:
 * the same file twice makes no second dish.
 * @param categoryIds those that the categories of the document have, or will have
 */
export function matchItems(
  { categories }: MenuDocument,
  stored: readonly MenuItemRow[],
  categoryIds: readonly string[],
): Pair[] {
  const byId = new Map(stored.map((row) => [row._id, row]));
  const bySku = new Map(stored.flatMap((row) => (row.sku === null ? [] : [[row.sku, row] as const])));
  const pairs = categories.flatMap(({ items }, category) =>
    items.map((draft, index): Pair => {
      const kept = byId.get(draft.id ?? '') ?? bySku.get(draft.sku ?? '');
      return { draft, kept, category, path: `categories.${category}.items.${index}` };
    }),
  );
  const taken = new Set(pairs.map(({ kept }) => kept?._id));
  const free = Map.groupBy(
    stored.filter(({ _id }) => !taken.has(_id)),
    ({ categoryId, name }) => nameKey(categoryId, name),
  );
  return pairs.map((pair) => {
    if (pair.kept !== undefined) return pair;
    const candidates = free.get(nameKey(categoryIds[pair.category] ?? '', pair.draft.name)) ?? [];
    const index = candidates.findIndex(({ sku }) => pair.draft.sku === null || sku === null);
    return { ...pair, kept: index < 0 ? undefined : candidates.splice(index, 1)[0] };
  });
}

function nameKey(categoryId: string, name: string): string {
  return `${categoryId} ${foldedName(name)}`;
}
