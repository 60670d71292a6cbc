import { stringify } from 'csv-stringify/sync';
import { marked } from '../../../shared/spreadsheet-cell.ts';
import type { Statement, StatementRow } from './payouts.queries.ts';

const COLUMNS = ['time', 'kind', 'account', 'order', 'restaurant', 'amount', 'currency'];

/**
 * A payout's rows and their sum, as a table. Text is marked so that no spreadsheet runs it; amounts are numbers of ours, with a point.
 * With a byte order mark: without it spreadsheets read UTF-8 as something else.
 */
export function toStatementCsv({ payout, rows }: Statement): string {
  const { currency, amountMinor, createdAt, _id } = payout;
  const lines = rows.map((row) => lineOf(row, currency));
  const total = [createdAt.toISOString(), 'total', '', _id, '', decimalOf(amountMinor, currency), currency];
  return stringify([COLUMNS, ...lines, total], { bom: true });
}

function lineOf({ at, kind, account, orderNumber, restaurantName, amountMinor }: StatementRow, currency: string) {
  const order = marked(orderNumber ?? '');
  return [
    at.toISOString(),
    kind,
    account,
    order,
    marked(restaurantName ?? ''),
    decimalOf(amountMinor, currency),
    currency,
  ];
}

/** `-24900 INR` as `-249.00`, without a float: the currency says how many digits its minor unit has (ISO 4217). */
function decimalOf(amountMinor: number, currency: string): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
