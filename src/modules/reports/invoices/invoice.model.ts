import { Schema, model, type mongo } from 'mongoose';
import type { NumberedInvoice } from '../papers/invoice.ts';
import { ISSUERS } from '../papers/sellers.ts';

/** A number that was given for good. Whatever comes after, it is never given back, nor given again. */
export interface InvoiceRow extends NumberedInvoice {
  _id: string;
  /** The restaurant's; `platform-IN` for us, by country. */
  issuerId: string;
  orderId: string;
  year: number;
  sequence: number;
  amountMinor: number;
  currency: string;
}

const invoiceSchema = new Schema<InvoiceRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ['invoice', 'credit_note'], required: true },
    issuer: { type: String, enum: ISSUERS, required: true },
    issuerId: { type: String, required: true },
    orderId: { type: String, required: true },
    sourceId: { type: String, required: true },
    year: { type: Number, required: true },
    sequence: { type: Number, required: true },
    number: { type: String, required: true },
    amountMinor: { type: Number, required: true },
    currency: { type: String, required: true },
    issuedAt: { type: Date, required: true },
  },
  { collection: 'invoices', versionKey: false },
);
// One number per sale or refund of an issuer; serves numberInvoices.
invoiceSchema.index({ orderId: 1, issuer: 1, kind: 1, sourceId: 1 }, { unique: true });
// No number twice; serves no query.
invoiceSchema.index({ issuerId: 1, kind: 1, year: 1, sequence: 1 }, { unique: true });

const InvoiceModel = model('Invoice', invoiceSchema);

export function invoices(): mongo.Collection<InvoiceRow> {
  return InvoiceModel.collection as unknown as mongo.Collection<InvoiceRow>;
}
