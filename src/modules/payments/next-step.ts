import { TERMINAL_STATUSES, type OrderRecord } from '../orders/index.ts';
import type { PaymentStatus } from './payment.machine.ts';
import type { PaymentRecord } from './payment.model.ts';

export type MoneyStep =
  | { kind: 'close' }
  | { kind: 'void' }
  | { kind: 'capture'; amountMinor: number }
  | { kind: 'refund'; amountMinor: number }
  | { kind: 'problem' };

type Worth = Pick<OrderRecord, 'status' | 'amountDueMinor'>;

/**
 * What is to be done so that the money is what the order is worth; null where it is, or where it is too early. Pure: the same
 * question may be asked at any time, by whom it likes, and as often.
 */
export function nextStep(order: Worth, payment: PaymentRecord): MoneyStep | null {
  if (payment.method !== 'card') return null;
  return (STEPS[payment.status] ?? nothing)(order, payment);
}

type Step = (order: Worth, payment: PaymentRecord) => MoneyStep | null;

const nothing: Step = () => null;

const STEPS: Partial<Record<PaymentStatus, Step>> = {
  requires_payment: freeUnpaid,
  requires_action: freeUnpaid,
  authorized: useHold,
  // What was once asked is asked again, until it is answered: only then can the rest be known.
  capturing: (_order, { captureMinor, amountMinor }) => ({ kind: 'capture', amountMinor: captureMinor ?? amountMinor }),
  voiding: () => ({ kind: 'void' }),
  captured: giveBackExcess,
  partially_refunded: giveBackExcess,
  voided: missMoney,
  failed: missMoney,
};

function freeUnpaid(order: Worth, { intentId }: PaymentRecord): MoneyStep | null {
  if (!hasEnded(order)) return null;
  return intentId === null ? { kind: 'close' } : { kind: 'void' };
}

function useHold(order: Worth, { amountMinor }: PaymentRecord): MoneyStep | null {
  const dueMinor = dueOf(order);
  if (dueMinor === 0) return { kind: 'void' };
  return isTime(order) ? { kind: 'capture', amountMinor: Math.min(dueMinor, amountMinor) } : null;
}

/** What a lost dispute took is given already: nobody gets it of the bank and of us. */
function giveBackExcess(order: Worth, payment: PaymentRecord): MoneyStep | null {
  const { amountCapturedMinor, settledRefundMinor, disputedMinor } = payment;
  const excess = amountCapturedMinor - dueOf(order) - settledRefundMinor - disputedMinor;
  const amountMinor = Math.min(excess, refundableOf(payment));
  return amountMinor > 0 ? { kind: 'refund', amountMinor } : null;
}

/** The hold is gone, and the kitchen cooks. */
function missMoney(order: Worth): MoneyStep | null {
  return !hasEnded(order) && order.status !== 'pending_payment' && dueOf(order) > 0 ? { kind: 'problem' } : null;
}

/** What can still be given back. */
export function refundableOf(payment: PaymentRecord): number {
  if (payment.method !== 'card' || !['captured', 'partially_refunded'].includes(payment.status)) return 0;
  const { amountCapturedMinor, amountRefundedMinor, pendingRefundMinor, disputedMinor } = payment;
  return amountCapturedMinor - amountRefundedMinor - pendingRefundMinor - disputedMinor;
}

/** Nobody owes anything for what was never taken on. */
export function dueOf({ status, amountDueMinor }: Worth): number {
  return status === 'rejected' || status === 'expired' ? 0 : amountDueMinor;
}

function hasEnded({ status }: Worth): boolean {
  return TERMINAL_STATUSES.includes(status);
}

/** Captured at accept; with a fee at the end. */
function isTime({ status }: Worth): boolean {
  return !['pending_payment', 'scheduled', 'placed'].includes(status);
}
