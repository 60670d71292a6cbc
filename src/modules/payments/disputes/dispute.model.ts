import { Schema, model } from 'mongoose';

export interface DisputeRecord {
  /** The provider's. */
  _id: string;
  paymentId: string;
  orderId: string;
  amountMinor: number;
  /** What of it was still ours to lose. */
  heldMinor: number;
  currency: string;
  reason: string;
  status: 'open' | 'won' | 'lost';
  openedAt: Date;
  closedAt: Date | null;
}

const disputeSchema = new Schema<DisputeRecord>(
  {
    _id: { type: String, required: true },
    paymentId: { type: String, required: true },
    orderId: { type: String, required: true },
    amountMinor: { type: Number, required: true },
    heldMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    reason: { type: String, required: true },
    status: { type: String, required: true, enum: ['open', 'won', 'lost'] },
    openedAt: { type: Date, required: true },
    closedAt: { type: Date, default: null },
  },
  { collection: 'disputes', versionKey: false },
);

// Serves extendDispute, and applyDispute where another one of the payment is still open.
disputeSchema.index({ paymentId: 1 });

export const DisputeModel = model('Dispute', disputeSchema);
