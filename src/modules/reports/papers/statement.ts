import { STATEMENT_COLUMNS, type Statement, type StatementColumn, type StatementRow } from '../../ledger/index.ts';
import { totalOf } from './bill.ts';
import type { Fact, Paper, Row, Table } from './paper.ts';
import { placeOf } from './place.ts';
import { statementTextsByLanguage, type StatementTexts } from './statement-texts.ts';
import { styleOf, type Style } from './style.ts';

/** Of the width of the page: what a row is about, and when it was. The amounts share the rest. */
const [ABOUT, WHEN] = [0.14, 0.08];

interface Context {
  statement: Statement;
  style: Style;
  texts: StatementTexts;
}

/** Of a column, what stands in it. */
interface Shown {
  label: string;
  /** How wide it is, beside the others. */
  weight: number;
  cellOf: (row: StatementRow) => string;
  total: string;
}

/** What a payout consists of, row by row: the same figures as its CSV. Columns of nothing are left out. Pure. */
export function statementOf(statement: Statement): Paper {
  const { payout, timeZone } = statement;
  const style = styleOf({ timeZone, currency: payout.currency });
  const context = { statement, style, texts: statementTextsByLanguage[placeOf(timeZone).texts] };
  return {
    title: `QuickBite · ${style.texts.statement}`,
    ...{ language: style.language, issuedAt: payout.createdAt, isLandscape: true },
    sections: [
      {
        ...{ heading: '', isOwnPage: false },
        facts: [...payeeFacts(context), ...payoutFacts(context)],
        tables: [tableOf(context)],
        totals: [{ ...totalOf(style.texts.total, payout.amountMinor, style), isStrong: true }],
      },
    ],
  };
}

/** The restaurants as on their invoices. */
function payeeFacts({ statement: { payeeName, sellers }, style, texts }: Context): Fact[] {
  return [
    ...(payeeName === null ? [] : [[style.texts.payee, payeeName] satisfies Fact]),
    ...sellers.map(({ name, taxRegistration }): Fact => {
      if (taxRegistration === null) return [texts.seller, `${name} · ${texts.noRegistration}`];
      const { legalName, addressLine, number } = taxRegistration;
      return [texts.seller, `${name} · ${legalName}, ${addressLine} · ${style.taxNumberName} ${number}`];
    }),
  ];
}

function payoutFacts({ statement: { payout, timeZone }, style, texts }: Context): Fact[] {
  const { reference, settledAt, status, currency } = payout;
  const { date, texts: common } = style;
  return [
    [common.payout, payout._id],
    [common.date, date(payout.createdAt)],
    ...(reference === null ? [] : [[texts.reference, reference] satisfies Fact]),
    ...(settledAt === null
      ? []
      : [[status === 'paid' ? texts.paidOn : texts.failedOn, date(settledAt)] satisfies Fact]),
    [common.period, `${date(payout.periodFrom)} – ${date(payout.periodTo)}`],
    [common.zone, timeZone],
    [texts.currency, currency],
  ];
}

function tableOf(context: Context): Table {
  const { statement, style } = context;
  const shown = shownColumns(context);
  const share = (1 - ABOUT - WHEN) / shown.reduce((sum, { weight }) => sum + weight, 0);
  return {
    isDense: true,
    columns: [
      { label: style.texts.order, share: ABOUT, isNumber: false },
      { label: style.texts.at, share: WHEN, isNumber: false },
      ...shown.map(({ label, weight }) => ({ label, share: share * weight, isNumber: true })),
    ],
    rows: statement.rows.map((row) => ({
      cells: [aboutOf(row, style), style.time(row.at), ...shown.map(({ cellOf }) => cellOf(row))],
      detail: row.order === null ? '' : detailOf(row, row.order, style),
    })),
    foot: { cells: [style.texts.total, '', ...shown.map(({ total }) => total)], detail: '' } satisfies Row,
  };
}

function shownColumns({ statement: { payout, rows }, style, texts }: Context): Shown[] {
  const number = numbersOf(style.language, payout.currency);
  const columnOf = (label: string, amountOf: (row: StatementRow) => number, weight = 1): Shown => ({
    ...{ label, weight, cellOf: (row) => (amountOf(row) === 0 ? '' : number(amountOf(row))) },
    total: number(rows.reduce((sum, row) => sum + amountOf(row), 0)),
  });
  const columns: readonly StatementColumn[] = STATEMENT_COLUMNS[payout.party];
  const rate = { label: texts.rate, weight: 0.6, cellOf: rateCell(style), total: '' };
  return [
    columnOf(texts.includedTax, (row) => row.includedTaxMinor),
    ...columns.flatMap((column) => {
      const amount = columnOf(texts.columns[column], ({ amounts }) => amounts[column] ?? 0);
      return column === 'commission' ? [rate, amount] : [amount];
    }),
    columnOf(texts.net, ({ netMinor }) => netMinor, 1.25),
  ].filter(({ cellOf }) => rows.some((row) => cellOf(row) !== ''));
}

function rateCell(style: Style) {
  return ({ commissionBasisPoints: rate }: StatementRow) => (rate === null ? '' : style.percent(rate));
}

/** The order by its number; what came of it later by what it is. */
function aboutOf({ kind, order }: StatementRow, style: Style): string {
  return order === null ? kindText(kind, style) : order.number;
}

function detailOf({ kind }: StatementRow, order: NonNullable<StatementRow['order']>, style: Style): string {
  const outcome = style.texts.outcomes[order.status];
  const what = kind === 'sale' ? outcome : kindText(kind, style);
  return [what, order.restaurantName].filter((part) => part !== undefined).join(' · ');
}

function kindText(kind: string, { texts }: Style): string {
  return texts.postings[kind] ?? kind.replaceAll('_', ' ');
}

/** Without the currency, which the head tells. */
function numbersOf(language: string, currency: string): (amountMinor: number) => string {
  const digits =
    new Intl.NumberFormat(language, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Minus zero would be printed with its sign.
  return (amountMinor) => format.format(amountMinor === 0 ? 0 : amountMinor / 10 ** digits);
}
