import { config } from '../../../config/index.ts';
import type { CashHistory } from './cash-standing.service.ts';

export function toCashHistoryView({ failed, liftedAt, ...history }: CashHistory) {
  const { cashFailuresMax, cashFailureDays, cashOpenMax } = config.money;
  return {
    ...history,
    failed: failed.map(({ _id: orderId, number, reason, endedAt }) => {
      return { orderId, number, reason, endedAt: endedAt?.toISOString() };
    }),
    limits: { failed: cashFailuresMax, failedDays: cashFailureDays, open: cashOpenMax },
    liftedAt: liftedAt?.toISOString() ?? null,
  };
}
