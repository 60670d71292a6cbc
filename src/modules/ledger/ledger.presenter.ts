import { money } from '../../shared/money.ts';
import type { Balance } from './balances.queries.ts';
import type { LedgerEntry } from './ledger-entry.model.ts';

export function toEntryView({ _id: id, kind, sourceId, orderId, currency, lines, createdAt }: LedgerEntry) {
  return {
    ...{ id, kind, sourceId, orderId, createdAt: createdAt.toISOString() },
    lines: lines.map(({ account, ownerId, amountMinor }) => ({
      account,
      ownerId,
      amount: money(amountMinor, currency),
    })),
  };
}

export function toBalancesView({ ownerId, balances }: { ownerId: string; balances: readonly Balance[] }) {
  return {
    ownerId,
    balances: balances.map(({ party, currency, heldMinor, payableMinor, cashMinor }) => ({
      party,
      held: money(heldMinor, currency),
      payable: money(payableMinor, currency),
      cash: money(cashMinor, currency),
    })),
  };
}
