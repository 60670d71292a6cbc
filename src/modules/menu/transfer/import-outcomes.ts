import { isDeepStrictEqual } from 'node:util';
import { dateFrom } from '../../../shared/clock.ts';
import type { MenuItemRow, MenuOptionGroupRow } from '../menu-item.model.ts';
import type { DocumentItem } from './menu-document.schema.ts';
import type { ImportNote } from './menu-import.model.ts';

type Outcome = Omit<ImportNote, 'row'>;

/** What an import writes to an item that is there; the rest is the kitchen's. */
const WRITTEN = [
  ...(['name', 'description', 'sku', 'taxCategory', 'allergens', 'diets', 'mealtimes', 'priceMinor'] as const),
  ...(['categoryId', 'rank', 'sizes', 'optionGroups'] as const),
];

export function isUnchanged(kept: MenuItemRow, row: MenuItemRow): boolean {
  return WRITTEN.every((field) => isDeepStrictEqual(kept[field], row[field]));
}

interface Written {
  draft: DocumentItem;
  kept: MenuItemRow | undefined;
  row: MenuItemRow;
  path: string;
}

/** What became of an item, and which columns of the file were not taken: an old file must not undo what was sold since. */
export function outcomesOf({ draft, kept, row, path }: Written): Outcome[] {
  if (kept === undefined) return [{ path, code: 'created', message: draft.name }];
  const columns = keptColumns(draft, row);
  const isSame = isUnchanged(kept, row);
  const note = { path, code: isSame ? 'unchanged' : 'updated', message: draft.name };
  if (columns.length === 0) return [note];
  const message = `${draft.name}: ${columns.join(', ')} stays as it is; the console changes it.`;
  return [...(isSame ? [] : [note]), { path, code: 'kept', message }];
}

interface StateDraft {
  isAvailable?: boolean | undefined;
  soldOutUntil?: string | null | undefined;
}
type StateRow = Pick<MenuItemRow, 'isAvailable' | 'soldOutUntil'>;

function keptColumns(draft: DocumentItem, row: MenuItemRow): string[] {
  const states = [
    [draft, row] as const,
    ...zip(draft.sizes, row.sizes),
    ...optionPairs(draft.optionGroups, row.optionGroups),
  ];
  const differs: [string, boolean][] = [
    ['stock', draft.stock !== undefined && draft.stock !== row.stock],
    ['isAvailable', states.some(([said, is]) => said.isAvailable !== undefined && said.isAvailable !== is.isAvailable)],
    ['soldOutUntil', states.some(([said, is]) => isOtherTime(said.soldOutUntil, is.soldOutUntil))],
  ];
  return differs.flatMap(([column, holds]) => (holds ? [column] : []));
}

/** A file without a time says nothing about it: an export leaves one out that has passed. */
function isOtherTime(said: string | null | undefined, is: Date | null): boolean {
  return typeof said === 'string' && dateFrom(said).getTime() !== is?.getTime();
}

interface GroupLike {
  options: readonly (StateDraft & { groups?: readonly GroupLike[] | undefined })[];
}

function optionPairs(drafts: readonly GroupLike[], rows: readonly MenuOptionGroupRow[]): [StateDraft, StateRow][] {
  return zip(drafts, rows).flatMap(([group, row]) =>
    zip(group.options, row.options).flatMap(([option, stored]): [StateDraft, StateRow][] => [
      [option, stored],
      ...optionPairs(option.groups ?? [], stored.groups),
    ]),
  );
}

/** Rows stand in the order of their drafts. */
function zip<A, B>(drafts: readonly A[], rows: readonly B[]): [A, B][] {
  return drafts.flatMap((draft, index): [A, B][] => {
    const row = rows[index];
    return row === undefined ? [] : [[draft, row]];
  });
}
