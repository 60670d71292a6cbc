import { saleOf } from '../../src/modules/ledger/sale-of.ts';
import type { Statement } from '../../src/modules/ledger/index.ts';
import { statementRowOf } from '../../src/modules/ledger/payouts/statement-rows.ts';
import type { Party } from '../../src/modules/ledger/payable.model.ts';
import type { BookedOrder } from '../../src/modules/orders/index.ts';
import { dateFrom } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

export const STATEMENT_AT = dateFrom('2026-11-20T20:15:00.000Z');

type Posted = Parameters<typeof statementRowOf>[0];

/** What the sale of an order posts to a party. */
export function soldTo(party: Party, order: BookedOrder): Posted {
  const ofParty = saleOf(order).filter(({ account }) => account === party);
  const amountMinor = ofParty.reduce((sum, line) => sum - line.amountMinor, 0);
  return { kind: 'sale', sourceId: order._id, party, amountMinor, createdAt: STATEMENT_AT };
}

export function buildStatement(
  party: Party,
  posted: readonly (readonly [Posted, BookedOrder | null])[],
  changes: Partial<Statement> = {},
): Statement {
  const rows = posted.map(([row, order]) => statementRowOf(row, order));
  const currency = posted.flatMap(([, order]) => order?.currency ?? [])[0] ?? 'INR';
  return {
    payout: {
      ...{ _id: newId(), party, ownerId: newId(), currency, status: 'created', totals: [], hasStatement: false },
      amountMinor: posted.reduce((sum, [row]) => sum + row.amountMinor, 0),
      ...{ periodFrom: STATEMENT_AT, periodTo: STATEMENT_AT, createdAt: STATEMENT_AT },
      ...{ settledAt: null, reference: null, failureReason: null },
    },
    ...{ payeeName: 'Nadia Mukherjee', sellers: [], timeZone: 'Asia/Kolkata', rows },
    ...changes,
  };
}
