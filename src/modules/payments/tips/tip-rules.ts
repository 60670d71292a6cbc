import type { OrderRecord } from '../../orders/index.ts';
import { MAX_TIP_MINOR } from '../../pricing/index.ts';
import { addMs } from '../../../shared/clock.ts';
import type { Money } from '../../../shared/money.ts';
import type { PaymentRecord } from '../payment.model.ts';

/** Each try to tip makes an intent at the provider. */
export const MOST_TIPS = 20;

export type TipRefusal = 'no_courier' | 'too_late' | 'own_delivery' | 'currency' | 'too_much' | 'too_often';

type TippedOrder = Pick<OrderRecord, 'customerId' | 'courierId' | 'currency' | 'endedAt' | 'pricing'>;
type Tip = Pick<PaymentRecord, 'status' | 'amountMinor'>;

interface Wish {
  amount: Money;
  /** Of the order, all that were begun before. */
  tips: readonly Tip[];
  at: Date;
  windowSeconds: number;
}

/** Why an order that was delivered, or is collected, cannot be tipped so; null: it can. Pure. */
export function tipRefusalOf(order: TippedOrder, { amount, tips, at, windowSeconds }: Wish): TipRefusal | null {
  if (order.courierId === null) return 'no_courier';
  if (order.endedAt === null || addMs(order.endedAt, windowSeconds * 1000) <= at) return 'too_late';
  // A card of somebody's, turned into a payout of one's own.
  if (order.courierId === order.customerId) return 'own_delivery';
  if (order.currency !== amount.currency) return 'currency';
  if (tips.length >= MOST_TIPS) return 'too_often';
  return amount.amount > tipLeftMinor(order, tips) ? 'too_much' : null;
}

const GIVEN_UP: readonly PaymentRecord['status'][] = ['voided', 'expired', 'failed'];

/** One bound for the tip of the bill and all after it. What waits to be paid counts, what was given back counts all the same. Pure. */
export function tipLeftMinor({ pricing }: Pick<OrderRecord, 'pricing'>, tips: readonly Tip[]): number {
  const live = tips.filter(({ status }) => !GIVEN_UP.includes(status));
  return live.reduce((left, { amountMinor }) => left - amountMinor, MAX_TIP_MINOR - pricing.tipMinor);
}

/** For its customer, with a card or with the bank's question. */
export function isWaiting({ status }: Pick<PaymentRecord, 'status'>): boolean {
  return status === 'requires_payment' || status === 'requires_action';
}
