import { Schema, model } from 'mongoose';

/** What an order holds of dishes that are counted, its open amendment included. No row: it took none of them. */
export interface StockClaimRow {
  /** The order's id: an order has one claim and closes it once. */
  _id: string;
  restaurantId: string;
  items: { itemId: string; quantity: number }[];
  createdAt: Date;
  returnedAt: Date | null;
}

// Every query goes by _id, so there is no other index.
const stockClaimSchema = new Schema<StockClaimRow>(
  {
    _id: { type: String, required: true },
    restaurantId: { type: String, required: true },
    items: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    returnedAt: { type: Date, default: null },
  },
  { collection: 'stock_claims', versionKey: false },
);

export const StockClaimModel = model('StockClaim', stockClaimSchema);
