import { money, type Money } from '../../../shared/money.ts';
import type { LiableParty } from '../../../shared/liable-party.ts';
import type { Cancellation } from './cancellation.policy.ts';
import type { CancellationPreview } from './cancellation.service.ts';

interface CancellationView {
  allowed: boolean;
  policy: Cancellation['policy'];
  fee: Money;
  refund: Money;
  liableParty: LiableParty | null;
  reason: string;
}

export function toCancellationView({ order, cancellation, reason }: CancellationPreview): CancellationView {
  const { isAllowed: allowed, policy, feeMinor, refundMinor, liableParty } = cancellation;
  const { currency } = order;
  return { allowed, policy, fee: money(feeMinor, currency), refund: money(refundMinor, currency), liableParty, reason };
}
