import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import { PAYMENT_STATUSES, type PaymentStatus } from './payment.machine.ts';

export interface PaymentRecord {
  _id: string;
  orderId: string;
  customerId: string;
  status: PaymentStatus;
  amountMinor: number;
  currency: string;
  /** The provider's intent; null until it answered. */
  intentId: string | null;
  /** Lets the browser confirm this one intent, and nothing else. Shown to the customer only. */
  clientSecret: string | null;
  amountCapturedMinor: number;
  amountRefundedMinor: number;
  /** The provider's word for the last refusal, e.g. `card_declined`. */
  failureCode: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const paymentSchema = new Schema<PaymentRecord>(
  {
    _id: { type: String, default: newId },
    orderId: { type: String, required: true },
    customerId: { type: String, required: true },
    status: { type: String, required: true, enum: PAYMENT_STATUSES },
    amountMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    intentId: { type: String, default: null },
    clientSecret: { type: String, default: null },
    amountCapturedMinor: { type: Number, required: true, default: 0 },
    amountRefundedMinor: { type: Number, required: true, default: 0 },
    failureCode: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'payments', versionKey: false },
);
// One payment per order; serves capturePayment, releasePayment, getPaymentFor.
paymentSchema.index({ orderId: 1 }, { unique: true });
// One payment per intent; serves no query, webhooks carry our own id.
paymentSchema.index({ intentId: 1 }, { unique: true, partialFilterExpression: { intentId: { $type: 'string' } } });
// Serves createMissingIntents.
paymentSchema.index({ createdAt: 1 }, { partialFilterExpression: { status: 'requires_payment', intentId: null } });

export const PaymentModel = model('Payment', paymentSchema);
