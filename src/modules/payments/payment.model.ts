import { Schema, model } from 'mongoose';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { PAYMENT_STATUSES, type PaymentStatus } from './payment.machine.ts';

export interface PaymentRecord {
  _id: string;
  orderId: string;
  /** 0: what the order itself is paid by; from 1 on its tips after the delivery, each with an intent of its own. */
  tipNumber: number;
  /** Of the order's own payment: how many tips were begun. Whoever begins one counts here first, so that no two are judged at once. */
  tips: number;
  customerId: string;
  /** `none`: there was nothing to pay. */
  method: 'card' | 'cash' | 'none';
  status: PaymentStatus;
  /** Of the intent: what is held, or to be held. */
  amountMinor: number;
  currency: string;
  /** Counts intents: a dead one is followed by another. */
  attempt: number;
  /** The provider's intent; null until it answered. */
  intentId: string | null;
  /** Those that were given up; whatever happens to them is undone. */
  pastIntentIds: string[];
  /** Lets the browser confirm this one intent, and nothing else. Shown to the customer only. */
  clientSecret: string | null;
  /** The saved card that it was last paid with. */
  cardId: string | null;
  /** T10: the saved card that this attempt's intent is made with, without the customer. */
  renewalCardId: string | null;
  /** What we asked the provider to take of the hold; fixed with the first asking, so that a repetition asks for the same. */
  captureMinor: number | null;
  amountCapturedMinor: number;
  amountRefundedMinor: number;
  /** Promised to refunds that are under way: refunded + pending + disputed never exceed captured. */
  pendingRefundMinor: number;
  /** What refunds of the cause `settlement` were made for, successful or not. */
  settledRefundMinor: number;
  /** Taken back by the card's bank, for the time being or for good. */
  disputedMinor: number;
  /** The provider's word for the last refusal, e.g. `card_declined`. */
  failureCode: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface NewPayment {
  paymentId: string;
  orderId: string;
  customerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentRecord['method'];
  /** Of a tip. */
  tipNumber?: number;
}

const FIRST_STATUS = { card: 'requires_payment', cash: 'cod_due', none: 'settled' } as const satisfies Record<
  PaymentRecord['method'],
  PaymentStatus
>;

/** A payment as it begins. */
export function draftPayment({ paymentId, ...bound }: NewPayment, at: Date = now()): PaymentRecord {
  return {
    ...{ _id: paymentId, tipNumber: 0, tips: 0 },
    ...bound,
    status: FIRST_STATUS[bound.method],
    ...{ attempt: 1, intentId: null, pastIntentIds: [], clientSecret: null, failureCode: null },
    ...{ cardId: null, renewalCardId: null },
    ...{ captureMinor: null, amountCapturedMinor: 0, amountRefundedMinor: 0 },
    ...{ pendingRefundMinor: 0, settledRefundMinor: 0, disputedMinor: 0 },
    ...{ createdAt: at, updatedAt: at },
  };
}

export function isTip({ tipNumber }: Pick<PaymentRecord, 'tipNumber'>): boolean {
  return tipNumber > 0;
}

const minor = { type: Number, required: true, default: 0 } as const;

const paymentSchema = new Schema<PaymentRecord>(
  {
    _id: { type: String, default: newId },
    orderId: { type: String, required: true },
    tipNumber: minor,
    tips: minor,
    customerId: { type: String, required: true },
    method: { type: String, required: true, enum: ['card', 'cash', 'none'] },
    status: { type: String, required: true, enum: PAYMENT_STATUSES },
    amountMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    attempt: { type: Number, required: true, default: 1 },
    intentId: { type: String, default: null },
    pastIntentIds: { type: [String], default: [] },
    clientSecret: { type: String, default: null },
    cardId: { type: String, default: null },
    renewalCardId: { type: String, default: null },
    captureMinor: { type: Number, default: null },
    amountCapturedMinor: minor,
    amountRefundedMinor: minor,
    pendingRefundMinor: minor,
    settledRefundMinor: minor,
    disputedMinor: minor,
    failureCode: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'payments', versionKey: false },
);
// One payment per order, and one per tip; serves getPaymentOf, listTips.
paymentSchema.index({ orderId: 1, tipNumber: 1 }, { unique: true });
// One payment per intent; serves disputes and charges, which carry the intent only. Not `$type`: see orders.
paymentSchema.index({ intentId: 1 }, { unique: true, partialFilterExpression: { intentId: { $gt: '' } } });
// Serves createMissingIntents.
paymentSchema.index({ createdAt: 1 }, { partialFilterExpression: { status: 'requires_payment', intentId: null } });
// Serves reconcilePayments: what waits for the provider or the customer.
paymentSchema.index(
  { updatedAt: 1 },
  {
    name: 'unresolved',
    partialFilterExpression: { status: { $in: ['requires_payment', 'requires_action', 'capturing', 'voiding'] } },
  },
);

// Serves reconcilePayments: closed, with an intent that was perhaps made and never heard of.
paymentSchema.index(
  { updatedAt: 1 },
  { name: 'closed_unopened', partialFilterExpression: { status: 'expired', intentId: null } },
);

export const PaymentModel = model('Payment', paymentSchema);
