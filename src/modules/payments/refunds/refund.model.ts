import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';
import { LIABLE_PARTIES, type LiableParty } from '../../../shared/liable-party.ts';

export const REFUND_STATUSES = ['requested', 'approved', 'processing', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** `settlement`: the money follows what the order is still worth; `support`: a person gave it. */
export const REFUND_CAUSES = ['settlement', 'support'] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];

export const REFUND_REASONS = [
  'item_missing',
  'item_wrong',
  'quality',
  'late',
  'not_delivered',
  'order_ended',
  'amended',
  'tip_expired',
  'goodwill',
  'other',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export interface RefundRecord {
  _id: string;
  paymentId: string;
  orderId: string;
  /** Copies of the order's, for the lists of the parties. */
  customerId: string;
  restaurantId: string;
  courierId: string | null;
  amountMinor: number;
  currency: string;
  status: RefundStatus;
  cause: RefundCause;
  reason: RefundReason;
  note: string | null;
  lines: { lineId: string; quantity: number }[];
  liableParty: LiableParty;
  /** Of one payment, what it is for: the same thing is never refunded twice. */
  sourceId: string;
  /** The person; null for the system. */
  requestedBy: string | null;
  /** Its amount is held back of what else can be refunded; also where nobody knows whether it was made. */
  isReserved: boolean;
  /** It failed, and its order's worth asks for what is left to give in its place: it is not made again. */
  isReplaced?: true;
  /** Of what its bearer was charged: given back to them, since the end of the order gives the customer so much anyhow. */
  returnedMinor?: number;
  providerRefundId: string | null;
  /** Part of the provider's key from the second on: a failed refund is made anew, a silent one is asked for again. */
  attempt: number;
  failureCode: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const refundSchema = new Schema<RefundRecord>(
  {
    _id: { type: String, default: newId },
    paymentId: { type: String, required: true },
    orderId: { type: String, required: true },
    customerId: { type: String, required: true },
    restaurantId: { type: String, required: true },
    courierId: { type: String, default: null },
    amountMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    status: { type: String, required: true, enum: REFUND_STATUSES },
    cause: { type: String, required: true, enum: REFUND_CAUSES },
    reason: { type: String, required: true, enum: REFUND_REASONS },
    note: { type: String, default: null },
    lines: { type: Schema.Types.Mixed, required: true },
    liableParty: { type: String, required: true, enum: LIABLE_PARTIES },
    sourceId: { type: String, required: true },
    requestedBy: { type: String, default: null },
    isReserved: { type: Boolean, required: true },
    isReplaced: { type: Boolean },
    returnedMinor: { type: Number },
    providerRefundId: { type: String, default: null },
    attempt: { type: Number, required: true },
    failureCode: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'refunds', versionKey: false },
);
// One refund for one thing; serves findRefundsOf.
refundSchema.index({ paymentId: 1, sourceId: 1 }, { unique: true });
// Serves listRefunds for a restaurant's owner, and for a courier: what they are liable for.
refundSchema.index({ restaurantId: 1, liableParty: 1, _id: -1 });
refundSchema.index({ courierId: 1, liableParty: 1, _id: -1 }, { partialFilterExpression: { courierId: { $gt: '' } } });
// Serves listRefunds of one order.
refundSchema.index({ orderId: 1, _id: -1 });
// Serves reconcilePayments: refunds that are under way.
refundSchema.index(
  { updatedAt: 1 },
  { name: 'under_way', partialFilterExpression: { status: { $in: ['approved', 'processing'] } } },
);

export const RefundModel = model('Refund', refundSchema);
