import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '../../../shared/money.ts';
import { marked } from '../../../shared/spreadsheet-cell.ts';
import { STATEMENT_COLUMNS, totalsOf, type StatementRow } from './statement-rows.ts';
import type { Statement } from './statement.queries.ts';

const BEFORE = ['number', 'date', 'time', 'timeZone', 'kind', 'outcome', 'reference', 'restaurant'];
const AFTER = ['net', 'currency', 'commissionPercent', 'includedTax'];

/**
 * A payout's rows and their sums, as a table. Text is marked so that no spreadsheet runs it; amounts are numbers of ours, with a point.
 * With a byte order mark: without it spreadsheets read UTF-8 as something else.
 */
export function toStatementCsv(statement: Statement): string {
  const { payout, rows } = statement;
  const { currency, amountMinor, party, reference } = payout;
  const lines = rows.map((row) => lineOf(row, statement));
  const totals = totalsOf(rows);
  const total = [
    ...[payout._id, ...momentOf(payout.createdAt, statement), 'total', payout.status, marked(reference ?? ''), ''],
    ...STATEMENT_COLUMNS[party].map((column) => decimalOf(totals[column] ?? 0, currency)),
    ...[decimalOf(amountMinor, currency), currency, '', decimalOf(includedTaxOf(rows), currency)],
  ];
  return stringify([[...BEFORE, ...STATEMENT_COLUMNS[party], ...AFTER], ...lines, total], { bom: true });
}

function lineOf(row: StatementRow, statement: Statement): string[] {
  const { at, kind, sourceId, order, amounts, netMinor, commissionBasisPoints, includedTaxMinor } = row;
  const { currency, party } = statement.payout;
  return [
    ...[marked(order?.number ?? ''), ...momentOf(at, statement), kind, order?.status ?? ''],
    ...[marked(sourceId), marked(order?.restaurantName ?? '')],
    ...STATEMENT_COLUMNS[party].map((column) => decimalOf(amounts[column] ?? 0, currency)),
    ...[decimalOf(netMinor, currency), currency],
    ...[commissionBasisPoints === null ? '' : String(commissionBasisPoints / 100)],
    decimalOf(includedTaxMinor, currency),
  ];
}

/** Date, time and time zone, as the place writes neither, but every spreadsheet reads. */
function momentOf(at: Date, { timeZone }: Statement): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return [...format.format(at).split(' '), timeZone];
}

function includedTaxOf(rows: readonly StatementRow[]): number {
  return rows.reduce((sum, { includedTaxMinor }) => sum + includedTaxMinor, 0);
}
