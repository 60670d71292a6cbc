import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { addMs, now } from '../../../shared/clock.ts';
import { listCashOrders, type CashOrder } from '../../orders/index.ts';
import { assertNotOwnSide } from '../../staff/index.ts';
import { findUser } from '../../users/index.ts';
import { cashStandings, type CashStanding } from './cash-standing.model.ts';

const DAY_MS = 86_400_000;

type CashRefusal = 'too_many_failed' | 'too_many_open';

/** How a customer stands with cash, and why. */
export interface CashHistory {
  customerId: string;
  /** Why the next order could not be paid in cash; null: it could. */
  refusal: CashRefusal | null;
  /** In the window, the customer's own fault, not forgiven. */
  failed: CashOrder[];
  openOrders: number;
  liftedAt: Date | null;
  liftedBy: string | null;
}

/** Before the transaction, in which an insert could meet another one. */
export async function openStanding(_id: string): Promise<void> {
  const row = { claims: 0, liftedAt: null, liftedBy: null };
  await cashStandings().updateOne({ _id }, { $setOnInsert: row }, { upsert: true });
}

/**
 * In the transaction of the order, before it is written: who orders for cash and is not there, again and again, or has many such orders
 * under way, pays by card. Two orders at once meet in the row, and the later one sees the earlier.
 * @throws AppError `payment_method_unavailable`
 */
export async function claimCash(tx: Tx, customerId: string): Promise<void> {
  const standing = await cashStandings().findOneAndUpdate(
    { _id: customerId },
    { $inc: { claims: 1 } },
    { session: tx, returnDocument: 'after' },
  );
  const { refusal } = await historyOf(customerId, { standing, tx });
  if (refusal !== null) throw new AppError('payment_method_unavailable', { details: { reason: refusal } });
}

/** For support. @throws AppError `not_found` */
export async function getCashHistory(customerId: string): Promise<CashHistory> {
  if ((await findUser(customerId)) === null) throw new AppError('not_found');
  return historyOf(customerId, { standing: await cashStandings().findOne({ _id: customerId }) });
}

/**
 * Forgives what has failed so far: the count begins anew. Orders under way still count.
 * @throws AppError `not_found`, `own_side`
 */
export async function liftCashRefusal(
  { customerId, reason }: { customerId: string; reason: string },
  actor: Actor,
): Promise<CashHistory> {
  await assertNotOwnSide({ customerId }, actor);
  const before = await getCashHistory(customerId);
  await openStanding(customerId);
  await withTransaction(async (tx) => {
    const lifted = { liftedAt: now(), liftedBy: actor.userId };
    await cashStandings().updateOne({ _id: customerId }, { $set: lifted }, { session: tx });
    await recordAudit(tx, {
      ...{ event: 'money.cash_refusal_lifted', subjectId: customerId, reason },
      before: { refusal: before.refusal, failed: before.failed.length },
    });
  });
  return getCashHistory(customerId);
}

async function historyOf(
  customerId: string,
  { standing, tx = null }: { standing: CashStanding | null; tx?: Tx | null },
): Promise<CashHistory> {
  const { cashFailureDays, cashFailuresMax, cashOpenMax } = config.money;
  const { liftedAt = null, liftedBy = null } = standing ?? {};
  const windowStart = addMs(now(), -cashFailureDays * DAY_MS);
  const since = liftedAt !== null && liftedAt > windowStart ? liftedAt : windowStart;
  const orders = await listCashOrders(customerId, { since, tx });
  const failed = orders.filter(({ endedAt }) => endedAt !== null);
  const openOrders = orders.length - failed.length;
  const isFull = openOrders >= cashOpenMax;
  const refusal = failed.length >= cashFailuresMax ? 'too_many_failed' : isFull ? 'too_many_open' : null;
  return { customerId, refusal, failed, openOrders, liftedAt, liftedBy };
}
