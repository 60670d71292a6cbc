import { money } from '../../../shared/money.ts';
import type { PayoutRunRecord } from './payout-run.model.ts';
import type { PayoutRecord } from './payout.model.ts';
import { statementLink } from './statements.service.ts';

export function toPayoutView(payout: PayoutRecord) {
  const { _id: id, party, ownerId, status, currency, amountMinor, totals, reference, failureReason } = payout;
  const link = statementLink(payout);
  return {
    ...{ id, party, ownerId, status, amount: money(amountMinor, currency), reference, failureReason },
    lines: totals.map(({ account, kind, count, amountMinor: sum }) => ({
      ...{ account, kind, count },
      amount: money(sum, currency),
    })),
    period: { from: payout.periodFrom.toISOString(), to: payout.periodTo.toISOString() },
    createdAt: payout.createdAt.toISOString(),
    settledAt: payout.settledAt?.toISOString() ?? null,
    statement: link === null ? null : { url: link.url, expiresAt: link.expiresAt.toISOString() },
  };
}

export function toPayoutRunView({ _id: id, requestedAt, finishedAt, ...counts }: PayoutRunRecord) {
  return {
    ...{ id, status: statusOf({ finishedAt, ...counts }), ...counts, requestedAt: requestedAt.toISOString() },
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

function statusOf({ attempts, failed, finishedAt }: Pick<PayoutRunRecord, 'attempts' | 'failed' | 'finishedAt'>) {
  if (finishedAt === null) return attempts === 0 ? 'requested' : 'running';
  return failed === 0 ? 'finished' : 'failed';
}
