import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { assertNotOwnSide } from '../../staff/index.ts';
import { postToLedger } from '../post-to-ledger.service.ts';
import { payouts, type PayoutRecord } from './payout.model.ts';

/** Outbox event: `{ payoutId }`. */
export const PAYOUT_SETTLED = 'payout.settled';

/**
 * The bank has paid it. Paid already, by the same reference: answers unchanged.
 * @throws AppError `not_found`, `own_side`, `invalid_transition` once it has failed, or was paid by another reference
 */
export async function markPayoutPaid(
  { payoutId, reference }: { payoutId: string; reference: string },
  actor: Actor,
): Promise<PayoutRecord> {
  await assertNotPayee(payoutId, actor);
  return settle(payoutId, { status: 'paid', reference }, async (tx, payout) => {
    const { currency, amountMinor } = payout;
    await postToLedger(tx, {
      ...{ kind: 'payout_paid', sourceId: payoutId, currency },
      lines: [
        { account: 'payout_clearing', amountMinor },
        { account: 'bank', amountMinor: -amountMinor },
      ],
    });
  });
}

/**
 * The bank has not paid it: what it came to is payable again, and goes with the next payout. Its rows stay its own.
 * @throws AppError `not_found`, `own_side`, `invalid_transition` once it is paid
 */
export async function markPayoutFailed(
  { payoutId, reason }: { payoutId: string; reason: string },
  actor: Actor,
): Promise<PayoutRecord> {
  await assertNotPayee(payoutId, actor);
  return settle(payoutId, { status: 'failed', failureReason: reason }, async (tx, payout) => {
    const { party, ownerId, currency, amountMinor } = payout;
    await postToLedger(tx, {
      ...{ kind: 'payout_failed', sourceId: payoutId, currency },
      lines: [
        { account: 'payout_clearing', amountMinor },
        { account: party, ownerId, amountMinor: -amountMinor },
      ],
    });
  });
}

async function assertNotPayee(payoutId: string, actor: Actor): Promise<void> {
  const payout = await payouts().findOne({ _id: payoutId });
  if (payout === null) throw new AppError('not_found');
  const { party, ownerId } = payout;
  await assertNotOwnSide(party === 'courier' ? { courierId: ownerId } : { ownerId }, actor);
}

type Outcome = Pick<PayoutRecord, 'status'> & Partial<Pick<PayoutRecord, 'reference' | 'failureReason'>>;

async function settle(
  payoutId: string,
  outcome: Outcome,
  post: (tx: Tx, payout: PayoutRecord) => Promise<void>,
): Promise<PayoutRecord> {
  return withTransaction(async (tx) => {
    const payout = await payouts().findOneAndUpdate(
      { _id: payoutId, status: 'created' },
      { $set: { ...outcome, settledAt: now() } },
      { session: tx, returnDocument: 'after' },
    );
    if (payout === null) return settledBefore(tx, payoutId, outcome);
    await post(tx, payout);
    await appendOutbox(tx, [{ event: PAYOUT_SETTLED, payload: { payoutId } }]);
    await recordAudit(tx, {
      event: outcome.status === 'paid' ? 'money.payout_paid' : 'money.payout_failed',
      subjectId: payoutId,
      before: { status: 'created' },
      after: { ...outcome },
    });
    return payout;
  });
}

async function settledBefore(tx: Tx, payoutId: string, { status, reference }: Outcome): Promise<PayoutRecord> {
  const payout = await payouts().findOne({ _id: payoutId }, { session: tx });
  if (payout === null) throw new AppError('not_found');
  const isSame = payout.status === status && (reference === undefined || payout.reference === reference);
  if (!isSame) throw new AppError('invalid_transition', { details: { status: payout.status } });
  return payout;
}
