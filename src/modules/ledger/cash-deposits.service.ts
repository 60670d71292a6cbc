import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { runIdempotent, type IdempotentAnswer, type IdempotentRequest, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { newId } from '../../shared/ids.ts';
import { money, type Money } from '../../shared/money.ts';
import { assertNotOwnSide } from '../staff/index.ts';
import { findUser } from '../users/index.ts';
import { courierCashBalance } from './balances.queries.ts';
import { CASH_HANDED_IN } from './handed-in.queries.ts';
import { payables } from './payable.model.ts';
import { postToLedger } from './post-to-ledger.service.ts';

export interface CashDeposit {
  id: string;
  courierId: string;
  amount: Money;
  /** What the courier carries of ours after it. */
  cash: Money;
}

interface DepositInput {
  courierId: string;
  amount: Money;
  idempotency: IdempotentRequest;
}

/**
 * A courier has handed in cash, and we have it in the bank.
 * @throws AppError `own_side`, `not_found` for who is no courier, `cash_deposit_too_large` for more than the courier carries: what is too much
 *   would be paid out
 */
export async function recordCashDeposit(input: DepositInput, actor: Actor): Promise<IdempotentAnswer<CashDeposit>> {
  const { courierId, amount, idempotency } = input;
  await assertNotOwnSide({ courierId }, actor);
  return runIdempotent(idempotency, async (tx) => {
    const courier = await findUser(courierId);
    if (courier?.roles.includes('courier') !== true) throw new AppError('not_found');
    const id = newId();
    await claimCash(tx, { courierId, currency: amount.currency, id });
    const carriedMinor = await courierCashBalance(courierId, amount.currency, tx);
    if (amount.amount > carriedMinor) {
      throw new AppError('cash_deposit_too_large', { details: { cash: money(carriedMinor, amount.currency) } });
    }
    await postToLedger(tx, {
      ...{ kind: 'cash_deposit', sourceId: id, currency: amount.currency },
      lines: [
        { account: 'bank', amountMinor: amount.amount },
        { account: 'courier_cash', ownerId: courierId, amountMinor: -amount.amount },
      ],
    });
    await appendOutbox(tx, [{ event: CASH_HANDED_IN, payload: { courierId, currency: amount.currency } }]);
    await recordAudit(tx, { event: 'money.cash_deposited', subjectId: courierId, after: { depositId: id, ...amount } });
    return { id, courierId, amount, cash: money(carriedMinor - amount.amount, amount.currency) };
  });
}

/** Who writes down the same money at once, and a payout that sets it off, meet in these rows: the second sees what the first left. */
async function claimCash(
  tx: Tx,
  { courierId: ownerId, currency, id }: { courierId: string; currency: string; id: string },
): Promise<void> {
  const carried = { status: 'payable', party: 'courier', ownerId, currency, account: 'courier_cash' } as const;
  await payables().updateMany(carried, { $set: { claimedBy: id } }, { session: tx });
}
