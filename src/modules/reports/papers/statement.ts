import type { Statement } from '../../ledger/index.ts';
import { totalOf } from './bill.ts';
import { columnsOf, type Paper } from './paper.ts';
import { styleOf, type Style } from './style.ts';

/** Where a currency is paid out, where no order tells the payee's place. */
const TIME_ZONES: Readonly<Record<string, string>> = { INR: 'Asia/Kolkata', EUR: 'Europe/Paris' };

/** What a payout consists of, row by row: the same figures as its CSV. Pure. */
export function statementOf({ payout, payeeName, timeZone, rows }: Statement): Paper {
  const { currency } = payout;
  const zone = timeZone ?? TIME_ZONES[currency] ?? 'UTC';
  const style = styleOf({ timeZone: zone, currency });
  const { texts, language, money, date, time } = style;
  return {
    title: `QuickBite · ${texts.statement}`,
    ...{ language, issuedAt: payout.createdAt },
    sections: [
      {
        ...{ heading: '', isOwnPage: false },
        facts: [
          ...(payeeName === null ? [] : [[texts.payee, payeeName] satisfies [string, string]]),
          [texts.payout, payout._id],
          [texts.date, date(payout.createdAt)],
          [texts.period, `${date(payout.periodFrom)} – ${date(payout.periodTo)}`],
          [texts.zone, zone],
        ],
        tables: [
          {
            columns: columnsOf([texts.kind, 0.47], [texts.at, 0.33], [texts.amount, 0.2]),
            rows: rows.map((row) => ({
              cells: [kindText(row.kind, style), time(row.at), money(row.amountMinor)],
              detail: [row.orderNumber, row.restaurantName].filter((part) => part !== null).join(' · '),
            })),
          },
        ],
        totals: [
          ...payout.totals.map(({ kind, count, amountMinor }) =>
            totalOf(`${kindText(kind, style)} × ${count}`, amountMinor, style),
          ),
          { ...totalOf(texts.total, payout.amountMinor, style), isStrong: true },
        ],
      },
    ],
  };
}

function kindText(kind: string, { texts }: Style): string {
  return texts.postings[kind] ?? kind.replaceAll('_', ' ');
}
