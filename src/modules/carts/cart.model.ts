import { Schema, model } from 'mongoose';

export interface CartLine {
  id: string;
  itemId: string;
  quantity: number;
  /** Where the item has sizes. */
  sizeId?: string;
  optionIds: string[];
  note?: string;
}

/** One cart per customer; it outlives being emptied, so that its version only ever grows. */
export interface CartRow {
  /** The customer's id. */
  _id: string;
  /** All lines are this restaurant's. Without meaning while there are no lines. */
  restaurantId: string;
  lines: CartLine[];
  /** As it was found to hold when it was put in; asked again whenever the cart is shown or quoted. */
  couponCode?: string;
  version: number;
  updatedAt: Date;
}

const lineSchema = new Schema<CartLine>(
  {
    id: { type: String, required: true },
    itemId: { type: String, required: true },
    quantity: { type: Number, required: true, min: 1, validate: Number.isInteger },
    sizeId: String,
    optionIds: { type: [String], required: true },
    note: String,
  },
  { _id: false },
);

// Every query goes by _id, so there is no other index.
const cartSchema = new Schema<CartRow>(
  {
    _id: { type: String, required: true },
    restaurantId: { type: String, required: true },
    lines: { type: [lineSchema], required: true },
    couponCode: String,
    version: { type: Number, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'carts', versionKey: false },
);

export const CartModel = model('Cart', cartSchema);
