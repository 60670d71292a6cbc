import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '../../../shared/money.ts';
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
