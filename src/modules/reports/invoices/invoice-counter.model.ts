import { Schema, model, type mongo } from 'mongoose';

/** The last number of an issuer's series in a year. Its id names the series. */
interface InvoiceCounterRow {
  _id: string;
  last: number;
}

const counterSchema = new Schema<InvoiceCounterRow>(
  { _id: { type: String, required: true }, last: { type: Number, required: true } },
  { collection: 'invoice_counters', versionKey: false },
);

const InvoiceCounterModel = model('InvoiceCounter', counterSchema);

export function invoiceCounters(): mongo.Collection<InvoiceCounterRow> {
  return InvoiceCounterModel.collection as unknown as mongo.Collection<InvoiceCounterRow>;
}
