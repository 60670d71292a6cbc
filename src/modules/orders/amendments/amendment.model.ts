import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';
import type { OrderItem } from '../order.model.ts';
import { AMENDMENT_ANSWERS, AMENDMENT_OUTCOMES, AMENDMENT_STATUSES } from './amendment.machine.ts';

/** A dish in the place of another; at the prices of the menu when it was proposed. */
export type Substitute = Omit<OrderItem, 'lineTotalMinor'> & { taxCategory: string };

/** What the kitchen cannot do of a line, and what it can. */
export type AmendmentChange = {
  lineId: string;
  /** It has run out, whatever its count says. */
  isSoldOut: boolean;
} & ({ kind: 'remove' } | { kind: 'reduce'; quantity: number } | { kind: 'substitute'; substitute: Substitute });

/** What a kitchen proposes for an order that it cannot cook as agreed, and what became of it. */
export interface AmendmentRecord {
  _id: string;
  orderId: string;
  status: (typeof AMENDMENT_STATUSES)[number];
  changes: AmendmentChange[];
  note: string | null;
  totalBeforeMinor: number;
  /** Null: no line would be left, and the order would be cancelled. */
  totalIfAcceptedMinor: number | null;
  totalIfDeclinedMinor: number | null;
  currency: string;
  answer: (typeof AMENDMENT_ANSWERS)[number] | null;
  outcome: (typeof AMENDMENT_OUTCOMES)[number] | null;
  /** Then the customer's stored preference counts. */
  expiresAt: Date;
  createdAt: Date;
  settledAt: Date | null;
}

const amendmentSchema = new Schema<AmendmentRecord>(
  {
    _id: { type: String, default: newId },
    orderId: { type: String, required: true },
    status: { type: String, required: true, enum: AMENDMENT_STATUSES },
    changes: { type: Schema.Types.Mixed, required: true },
    note: { type: String, default: null },
    totalBeforeMinor: { type: Number, required: true },
    totalIfAcceptedMinor: { type: Number, default: null },
    totalIfDeclinedMinor: { type: Number, default: null },
    currency: { type: String, required: true },
    answer: { type: String, enum: [...AMENDMENT_ANSWERS, null], default: null },
    outcome: { type: String, enum: [...AMENDMENT_OUTCOMES, null], default: null },
    expiresAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    settledAt: { type: Date, default: null },
  },
  { collection: 'amendments', versionKey: false },
);
// Serves listAmendments and voidOpenAmendment: there are ten of an order at most.
amendmentSchema.index({ orderId: 1, _id: 1 });
// One that waits for an answer per order, whoever proposes at once; serves no query.
amendmentSchema.index(
  { orderId: 1 },
  { name: 'one_open', unique: true, partialFilterExpression: { status: 'proposed' } },
);

export const AmendmentModel = model('Amendment', amendmentSchema);
