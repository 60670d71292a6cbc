import { Schema, model } from 'mongoose';

/** The rows of a payout as a CSV. Its id is the payout's. */
export interface PayoutStatementRow {
  _id: string;
  csv: string;
  createdAt: Date;
}

const statementSchema = new Schema<PayoutStatementRow>(
  {
    _id: { type: String, required: true },
    csv: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'payout_statements', versionKey: false },
);

export const PayoutStatementModel = model('PayoutStatement', statementSchema);
