import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../src/modules/menu/transfer/menu-csv.ts';
import { menuDocumentSchema } from '../../../src/modules/menu/transfer/menu-document.schema.ts';
import { readMenuFile } from '../../../src/modules/menu/transfer/read-menu-file.ts';
import { MAX_NOTES } from '../../../src/modules/menu/transfer/menu-import.model.ts';
import { menuDocuments, plainMenu } from '../../support/menu-documents.ts';

describe('a menu as a file', () => {
  it.each(['INR', 'JPY'])('in %s, as CSV and as JSON, says what the menu says, to the letter', async (currency) => {
    await fc.assert(
      fc.asyncProperty(menuDocuments(currency), async (document) => {
        const whole = menuDocumentSchema.parse(document);
        const csv = await readMenuFile({ format: 'csv', body: toCsv(whole) });
        expect(csv.notes).toEqual([]);
        expect(plainMenu(csv.document ?? whole)).toEqual(plainMenu(document));
        const json = await readMenuFile({ format: 'json', body: JSON.stringify(whole) });
        expect(plainMenu(json.document ?? whole)).toEqual(plainMenu(document));
      }),
      { numRuns: 40 },
    );
  });

  it('as CSV has no cell that a spreadsheet runs', () => {
    fc.assert(
      fc.property(menuDocuments('INR'), (document) => {
        const cells = parse(toCsv(menuDocumentSchema.parse(document)), { bom: true }).flat();
        expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
      }),
    );
  });
});

/** Before, half a minute of silence in the worker, or a RangeError. In processor time: others on the machine do not count. */
const MOST_CPU_MS = 3_000;
const MOST_SILENCE_MS = 500;

const list = <T>(length: number, of: (index: number) => T) => Array.from({ length }, (_, index) => of(index));
const emptyItem = { optionGroups: list(20, () => ({ options: list(50, () => ({})) })) };
const fileOf = (categories: unknown) => JSON.stringify({ format: 'quickbite-menu-1', categories });

function msOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

describe('a file of nothing but faults', () => {
  it.each([
    ['91 categories of 7 dishes of 1,000 options', fileOf(list(91, () => ({ items: list(7, () => emptyItem) })))],
    ['635 such dishes in one', fileOf([{ items: list(635, () => emptyItem) }])],
    ['200,000 empty dishes', fileOf([{ items: list(200_000, () => ({})) }])],
    ['200,000 empty categories', fileOf(list(200_000, () => ({})))],
    [
      '1,000 dishes of 300 options',
      fileOf([{ items: list(1_000, () => ({ optionGroups: [{ options: list(290, () => ({})) }] })) }]),
    ],
    ['50,000 unknown keys', fileOf([Object.fromEntries(list(50_000, (index) => [`key${index}`, 1]))])],
    [
      'one dish a hundred thousand levels deep',
      `{"format":"quickbite-menu-1","categories":[{"items":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}]}`,
    ],
    ['a document of levels', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
  ])('such as %s is told of in short, and others have their turn', async (_, body) => {
    let silenceMs = 0;
    let heard = process.threadCpuUsage();
    const tick = setInterval(() => {
      silenceMs = Math.max(silenceMs, msOf(process.threadCpuUsage(heard)));
      heard = process.threadCpuUsage();
    }, 1);
    const before = process.cpuUsage();
    const { document, notes } = await readMenuFile({ format: 'json', body });
    const cpuMs = msOf(process.cpuUsage(before));
    clearInterval(tick);
    expect(document).toBeNull();
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.length).toBeLessThanOrEqual(2 * MAX_NOTES);
    expect(JSON.stringify(notes).length).toBeLessThan(1_000_000);
    expect(cpuMs).toBeLessThan(MOST_CPU_MS);
    expect(silenceMs).toBeLessThan(MOST_SILENCE_MS);
  });
});
