import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { CSV_COLUMNS, type CsvCells } from './menu-csv.ts';
import { MENU_FORMAT } from './menu-document.schema.ts';
import type { ImportNote } from './menu-import.model.ts';
import { unmarked } from '../../../shared/spreadsheet-cell.ts';

/** What a CSV says, before anybody has looked whether it is a menu. */
export interface ReadTable {
  document: object;
  /** Path of each node -> its row. */
  rowOf: Map<string, number>;
  notes: ImportNote[];
}

const MAX_ROWS = 60_000;
/** Other jobs have their turn in between. */
const ROWS_OF_A_TURN = 500;
const MAX_RECORD_BYTES = 64 * 1024;

/** Rows into the tree that they stand for. A table that cannot be read at all is a note, not a fault. */
export async function readCsv(text: string): Promise<ReadTable> {
  const tree = new TreeOfRows();
  try {
    const records = parse(text, {
      ...{ bom: true, columns: toHeader, skip_empty_lines: true, skip_records_with_empty_values: true },
      ...{ relax_column_count_less: true, max_record_size: MAX_RECORD_BYTES },
    });
    let row = 1;
    for await (const record of records as AsyncIterable<Record<string, string>>) {
      row += 1;
      if (row > MAX_ROWS) throw new TableError(`There are more than ${MAX_ROWS} rows.`);
      tree.add(cellsOf(record), row);
      if (row % ROWS_OF_A_TURN === 0) await nextTurn();
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof TableError)) throw error;
    tree.notes.push({ row: rowOfFault(error), path: '', code: 'csv_invalid', message: error.message.slice(0, 300) });
  }
  const { categories, rowOf, notes } = tree;
  return { document: { format: MENU_FORMAT, categories }, rowOf, notes };
}

class TableError extends Error {}

/** A table that is wrong as a whole is so from its header on; else the row behind the last one that could be read. */
function rowOfFault(error: CsvError | TableError): number {
  const { records } = error as { records?: unknown };
  return typeof records === 'number' ? records + 2 : 1;
}

function toHeader(names: readonly string[]): string[] {
  const header = names.map((name) => name.trim());
  if (/[;\t]/.test(header.join('')))
    throw new TableError('Columns are separated by commas, not by semicolons or tabs.');
  const unknown = header.filter((name) => !(CSV_COLUMNS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new TableError(`There is no column ${unknown[0] ?? ''}.`);
  if (new Set(header).size !== header.length) throw new TableError('A column stands there twice.');
  if (!header.includes('type') || !header.includes('name')) throw new TableError('type and name are needed.');
  return header;
}

function cellsOf(record: Record<string, string>): CsvCells {
  return Object.fromEntries(
    Object.entries(record)
      .map(([column, cell]) => [column, unmarked(cell)] as const)
      .filter(([, cell]) => cell !== ''),
  );
}

interface Node {
  path: string;
  lists: Record<string, object[]>;
}

/** Type -> the level that it hangs on, in which list, and which cells it has beside its name. */
const TYPES = {
  category: { parent: null, list: 'categories', values: (cells: CsvCells) => ({ mealtimes: mealtimesOf(cells) }) },
  item: { parent: 'category', list: 'items', values: itemValues },
  size: { parent: 'item', list: 'sizes', values: pricedValues },
  group: { parent: 'item', list: 'optionGroups', values: groupValues },
  option: { parent: 'group', list: 'options', values: pricedValues },
  subgroup: { parent: 'option', list: 'groups', values: groupValues },
  suboption: { parent: 'subgroup', list: 'options', values: pricedValues },
} as const;

type RowType = keyof typeof TYPES;

const LISTS: Record<RowType, readonly string[]> = {
  category: ['items'],
  item: ['sizes', 'optionGroups'],
  size: [],
  group: ['options'],
  option: ['groups'],
  subgroup: ['options'],
  suboption: [],
};

class TreeOfRows {
  readonly categories: object[] = [];
  readonly rowOf = new Map<string, number>();
  readonly notes: ImportNote[] = [];
  private readonly open = new Map<RowType, Node>();

  add(cells: CsvCells, row: number): void {
    const type = cells.type?.trim().toLowerCase() as RowType | undefined;
    if (type === undefined || !Object.hasOwn(TYPES, type)) {
      this.note(row, 'type', `A row is one of ${Object.keys(TYPES).join(', ')}.`);
      return;
    }
    const { parent, list, values } = TYPES[type];
    const above = parent === null ? { path: '', lists: { categories: this.categories } } : this.open.get(parent);
    if (above === undefined) {
      this.note(row, 'type', `There is no ${parent ?? ''} above it.`);
      return;
    }
    const siblings = above.lists[list] ?? [];
    const path = `${above.path}${above.path === '' ? '' : '.'}${list}.${siblings.length}`;
    const lists = Object.fromEntries(LISTS[type].map((name) => [name, [] as object[]]));
    siblings.push({ ...present({ id: cells.id, name: cells.name, ...values(cells) }), ...lists });
    this.rowOf.set(path, row);
    this.closeBelow(type);
    this.open.set(type, { path, lists });
  }

  /** What hung on the one before hangs on nothing now. */
  private closeBelow(type: RowType): void {
    for (const below of Object.keys(TYPES) as RowType[]) {
      if (TYPES[below].parent !== type) continue;
      this.open.delete(below);
      this.closeBelow(below);
    }
  }

  private note(row: number, path: string, message: string): void {
    this.notes.push({ row, path, code: 'row_misplaced', message });
  }
}

function itemValues(cells: CsvCells) {
  const { sku, description, taxCategory } = cells;
  return {
    ...{ sku, description, taxCategory, ...pricedValues(cells) },
    allergens: wordsOf(cells.allergens),
    diets: wordsOf(cells.diets),
    mealtimes: mealtimesOf(cells),
    stock: numberOf(cells.stock),
  };
}

function pricedValues({ price, currency, isAvailable, soldOutUntil }: CsvCells) {
  const isYes = new Map([
    ['yes', true],
    ['no', false],
  ]);
  return {
    price: { amount: numberOf(price), currency },
    isAvailable: isAvailable === undefined ? undefined : (isYes.get(isAvailable.trim().toLowerCase()) ?? isAvailable),
    soldOutUntil,
  };
}

function groupValues({ minSelect, maxSelect }: CsvCells) {
  return { minSelect: numberOf(minSelect), maxSelect: numberOf(maxSelect) };
}

/** What is no whole number stays text, which the schema refuses. */
function numberOf(cell: string | undefined): number | string | undefined {
  return cell !== undefined && /^\d{1,12}$/.test(cell.trim()) ? Number(cell) : cell;
}

function wordsOf(cell = ''): string[] {
  return cell.split(/[\s,;|]+/).filter((word) => word !== '');
}

/** `1 08:00-11:00; 2 08:00-11:00` */
function mealtimesOf({ mealtimes = '' }: CsvCells): object[] {
  const spans = mealtimes.split(';').map((span) => span.trim());
  return spans
    .filter((span) => span !== '')
    .map((span) => {
      const [, weekday, opens, closes] = /^(\d)\s+([\d:]{4,5})\s*-\s*([\d:]{4,5})$/.exec(span) ?? [];
      return { weekday: numberOf(weekday), opens, closes };
    });
}

function present(values: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
