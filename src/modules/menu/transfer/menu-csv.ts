import { stringify } from 'csv-stringify/sync';
import type { Money } from '../../../shared/money.ts';
import type { WeeklySpan } from '../../restaurants/index.ts';
import type { GroupDraft, OptionDraft } from '../menu-rows.ts';
import type { DocumentItem, MenuDocument } from './menu-document.schema.ts';
import { marked } from '../../../shared/spreadsheet-cell.ts';

/**
 * The menu as a table: every row is a category, an item, a size, a group, an option, or a group or option of the second level
 * (`subgroup`, `suboption`), and belongs to the nearest row of the level above it.
 */
export const CSV_COLUMNS = [
  ...(['type', 'id', 'sku', 'name', 'description', 'price', 'currency', 'taxCategory', 'allergens', 'diets'] as const),
  ...(['mealtimes', 'isAvailable', 'soldOutUntil', 'stock', 'minSelect', 'maxSelect'] as const),
];

export type CsvColumn = (typeof CSV_COLUMNS)[number];
export type CsvCells = Partial<Record<CsvColumn, string>>;

/** With a byte order mark: without it spreadsheets read UTF-8 as something else. */
export function toCsv({ categories }: MenuDocument): string {
  const rows = categories.flatMap(({ id = '', name, mealtimes, items }): CsvCells[] => [
    { type: 'category', id, name, mealtimes: mealtimesCell(mealtimes) },
    ...items.flatMap(itemRows),
  ]);
  const table = rows.map((row) => CSV_COLUMNS.map((column) => marked(row[column] ?? '')));
  return stringify([[...CSV_COLUMNS], ...table], { bom: true });
}

function itemRows(item: DocumentItem): CsvCells[] {
  const { id = '', sku, name, description, price, taxCategory, allergens, diets, mealtimes, stock } = item;
  const own: CsvCells = {
    ...{ type: 'item', id, name, description, taxCategory, sku: sku ?? '', ...priceCells(price) },
    ...{ allergens: allergens.join(' '), diets: diets.join(' '), mealtimes: mealtimesCell(mealtimes) },
    ...stateCells(item),
    stock: stock?.toString() ?? '',
  };
  const sizes = item.sizes.map((size) => pricedRow('size', size));
  return [own, ...sizes, ...item.optionGroups.flatMap((group) => groupRows(group, ''))];
}

function groupRows({ id = '', name, minSelect, maxSelect, options }: GroupDraft, level: '' | 'sub'): CsvCells[] {
  const limits = { minSelect: String(minSelect), maxSelect: String(maxSelect) };
  return [
    { type: `${level}group`, id, name, ...limits },
    ...options.flatMap((option) => [
      pricedRow(`${level}option`, option),
      ...(option.groups ?? []).flatMap((group) => groupRows(group, 'sub')),
    ]),
  ];
}

function pricedRow(type: string, row: Omit<OptionDraft, 'groups'>): CsvCells {
  return { type, id: row.id ?? '', name: row.name, ...priceCells(row.price), ...stateCells(row) };
}

function priceCells({ amount, currency }: Money): CsvCells {
  return { price: String(amount), currency };
}

function stateCells({ isAvailable = true, soldOutUntil }: Pick<OptionDraft, 'isAvailable' | 'soldOutUntil'>): CsvCells {
  return { isAvailable: isAvailable ? 'yes' : 'no', soldOutUntil: soldOutUntil ?? '' };
}

function mealtimesCell(spans: readonly WeeklySpan[]): string {
  return spans.map(({ weekday, opens, closes }) => `${weekday} ${opens}-${closes}`).join('; ');
}
