import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../src/modules/menu/transfer/menu-csv.ts';
import { menuDocumentSchema } from '../../../src/modules/menu/transfer/menu-document.schema.ts';
import { readMenuFile } from '../../../src/modules/menu/transfer/read-menu-file.ts';
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
