import fc from 'fast-check';
import { foldedName } from '../../src/modules/menu/category-names.ts';
import { ALLERGENS, DIETS, ITEM_TAX_CATEGORIES } from '../../src/modules/menu/menu-item.model.ts';
import type { DocumentItem, MenuDocument } from '../../src/modules/menu/transfer/menu-document.schema.ts';
import { lineOfText } from '../../src/shared/line-of-text.ts';

/** What spreadsheets run, tables trip over, and JavaScript takes for something else. */
const HOSTILE = [
  ...[
    '=HYPERLINK("http://x","y")',
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    "'",
    "''",
    "'=x",
    "''=x",
  ],
  ...['"', '""', '"a"b"', 'a,b', 'a;b', 'a\\b', '\\"', ',', ',,', '#', '__proto__', 'constructor', 'toString', 'null'],
  ...[
    'true',
    'yes',
    '0',
    '007',
    '1e5',
    '0x10',
    'type',
    'category',
    '$where',
    '{{7*7}}',
    '<script>',
    '\ufeffx',
    '\u200bx',
  ],
  ...['🍛', '日本', 'سمك', 'Crème brûlée', 'e\u0301', 'x'.repeat(64)],
];

const raw = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join(' ')),
);

/** As the schema leaves it; what it refuses is not drawn. */
function line(maxLength: number): fc.Arbitrary<string> {
  const schema = lineOfText(maxLength);
  return raw.map((text) => schema.safeParse(text).data ?? '').filter((text) => text !== '');
}

const name = line(120);
const description = fc.array(line(100), { maxLength: 3 }).map((lines) => lines.join('\n').trim().normalize('NFC'));
const amount = fc.oneof(fc.constantFrom(0, 1, 100_000_000), fc.nat(100_000));
const isAvailable = fc.boolean();
/** Ahead, whenever a test runs: what has passed is not exported. */
const soldOutUntil = fc.constantFrom(null, null, '2090-01-01T00:00:00.000Z', '2091-12-31T23:59:59.999Z');
const wallClock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const span = fc.record({
  weekday: fc.integer({ min: 1, max: 7 }),
  opens: wallClock,
  closes: fc.oneof(wallClock, fc.constant('24:00')),
});
const mealtimes = fc.array(span, { maxLength: 3 });

const named = <T extends { name: string }>(one: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.uniqueArray(one, { minLength, maxLength, selector: (entry) => entry.name.toLowerCase() });

function priced(currency: string) {
  return { name, price: fc.record({ amount, currency: fc.constant(currency) }), isAvailable, soldOutUntil };
}

/** With limits that can be met. */
function group<T extends { name: string }>(option: fc.Arbitrary<T>) {
  return fc
    .record({ name, options: named(option, 3, 1), least: fc.nat(3), most: fc.integer({ min: 1, max: 3 }) })
    .map(({ least, most, options, ...rest }) => {
      const maxSelect = Math.min(most, options.length);
      return { ...rest, minSelect: Math.min(least, maxSelect), maxSelect, options };
    });
}

function item(currency: string) {
  const option = fc.record({ ...priced(currency), groups: named(group(fc.record(priced(currency))), 2) });
  return fc.record({
    ...{ ...priced(currency), sku: fc.option(line(64)), description, mealtimes },
    taxCategory: fc.constantFrom(...ITEM_TAX_CATEGORIES),
    allergens: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { maxLength: 3 }),
    diets: fc.uniqueArray(fc.constantFrom(...DIETS), { maxLength: 3 }),
    stock: fc.option(fc.nat(1_000_000)),
    sizes: named(fc.record(priced(currency)), 3),
    optionGroups: named(group(option), 2),
  });
}

/** Any menu that may be imported, without ids. */
export function menuDocuments(currency: string): fc.Arbitrary<MenuDocument> {
  const category = fc.record({ name, mealtimes, items: fc.array(item(currency), { maxLength: 3 }) });
  return fc.uniqueArray(category, { maxLength: 3, selector: (entry) => foldedName(entry.name) }).map((categories) => {
    const seen = new Set<string | null>([null]);
    return {
      format: 'quickbite-menu-1',
      categories: categories.map(({ items, ...rest }) => ({
        ...rest,
        items: items.map((each) => withOwnSku(each, seen)),
      })),
    };
  });
}

/** A number belongs to one item. */
function withOwnSku<T extends Pick<DocumentItem, 'sku'>>(one: T, seen: Set<string | null>): T {
  const sku = seen.has(one.sku) ? null : one.sku;
  seen.add(sku);
  return { ...one, sku };
}

/** Without what is new in every copy, and without what says nothing. */
export function plainMenu(document: MenuDocument): unknown {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === 'id' || value === null ? undefined : value,
  );
}
