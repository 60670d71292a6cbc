import { AppError } from '../../../errors/index.ts';
import { findBookedOrders, type BookedOrder } from '../../orders/index.ts';
import type { TaxRegistration } from '../../restaurants/index.ts';
import { findUser } from '../../users/index.ts';
import { payables } from '../payable.model.ts';
import { payouts, type PayoutRecord } from './payout.model.ts';
import { statementRowOf, type StatementRow } from './statement-rows.ts';

/** Where a currency is paid out, where no order tells the payee's place. */
const TIME_ZONES: Readonly<Record<string, string>> = { INR: 'Asia/Kolkata', EUR: 'Europe/Paris' };

/** A restaurant whose food was sold, as it stands on its newest invoice. */
interface StatementSeller {
  name: string;
  /** Null: it has none, or none that we know. */
  taxRegistration: TaxRegistration | null;
}

export interface Statement {
  payout: PayoutRecord;
  /** Null: the account is gone. */
  payeeName: string | null;
  /** Of the restaurants; none for a courier. */
  sellers: StatementSeller[];
  /** Where its last order was. */
  timeZone: string;
  /** Oldest first. */
  rows: StatementRow[];
}

/** A payout with all that it is made of. For documents; whose it is was asked before. @throws AppError `not_found` */
export async function getStatement(payoutId: string): Promise<Statement> {
  const payout = await payouts().findOne({ _id: payoutId });
  if (payout === null) throw new AppError('not_found');
  const found = await payables().find({ payoutId }).sort({ _id: 1 }).toArray();
  // Ids of several processes do not tell which was first within a second.
  const posted = found.toSorted((a, b) => +a.createdAt - +b.createdAt);
  const booked = await findBookedOrders(posted.flatMap(({ orderId }) => orderId ?? []));
  const orders = posted.flatMap(({ orderId }) => booked.get(orderId ?? '') ?? []);
  const payee = await findUser(payout.ownerId);
  return {
    payout,
    payeeName: payee === null || payee.status === 'deleted' ? null : payee.name,
    sellers: payout.party === 'restaurant' ? sellersOf(orders) : [],
    timeZone: orders.at(-1)?.restaurant.timeZone ?? TIME_ZONES[payout.currency] ?? 'UTC',
    rows: posted.map((row) => statementRowOf(row, booked.get(row.orderId ?? '') ?? null)),
  };
}

function sellersOf(orders: readonly BookedOrder[]): StatementSeller[] {
  const newest = new Map(orders.map(({ restaurantId, restaurant }) => [restaurantId, restaurant]));
  return [...newest.values()].map(({ name, taxRegistration = null }) => ({ name, taxRegistration }));
}
