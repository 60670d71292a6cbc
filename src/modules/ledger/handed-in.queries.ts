import { payables } from './payable.model.ts';

/** Outbox event: `{ courierId, currency }`. */
export const CASH_HANDED_IN = 'ledger.cash_handed_in';

/**
 * Payments whose cash the courier has handed in since the last payout, which sets off all of it: the oldest first, each in full.
 */
export async function listHandedIn(courierId: string, currency: string): Promise<string[]> {
  const rows = await payables()
    .find({ ownerId: courierId, party: 'courier', currency, status: 'payable', account: 'courier_cash' })
    .toArray();
  let leftMinor = rows.reduce((sum, { amountMinor }) => sum + Math.max(0, amountMinor), 0);
  const collected = rows.filter(({ kind }) => kind === 'cash_collected').sort((a, b) => +a.createdAt - +b.createdAt);
  const handedIn = collected.filter(({ amountMinor }) => {
    leftMinor += amountMinor;
    return leftMinor >= 0;
  });
  return handedIn.map(({ sourceId }) => sourceId);
}

/** Payments whose cash a payout has set off. */
export async function listSetOff(payoutId: string): Promise<string[]> {
  const rows = await payables().find({ payoutId, kind: 'cash_collected' }).toArray();
  return rows.map(({ sourceId }) => sourceId);
}
