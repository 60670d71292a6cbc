import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';

/** A saved card: what the customer recognises it by, and the provider's name for it. Never its number. */
export interface CardRecord {
  _id: string;
  userId: string;
  providerCustomerId: string;
  paymentMethodId: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  createdAt: Date;
}

const cardSchema = new Schema<CardRecord>(
  {
    _id: { type: String, default: newId },
    userId: { type: String, required: true },
    providerCustomerId: { type: String, required: true },
    paymentMethodId: { type: String, required: true },
    brand: { type: String, required: true },
    last4: { type: String, required: true },
    expMonth: { type: Number, required: true },
    expYear: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'cards', versionKey: false },
);
// Saved once, however often the provider says so; serves no query.
cardSchema.index({ paymentMethodId: 1 }, { unique: true });
// Serves listCards.
cardSchema.index({ userId: 1, _id: -1 });

export const CardModel = model('Card', cardSchema);

/** Who a user is at the provider. */
interface ProviderCustomerRecord {
  /** The user's id. */
  _id: string;
  providerCustomerId: string;
}

const providerCustomerSchema = new Schema<ProviderCustomerRecord>(
  { _id: { type: String, required: true }, providerCustomerId: { type: String, required: true } },
  { collection: 'provider_customers', versionKey: false },
);

export const ProviderCustomerModel = model('ProviderCustomer', providerCustomerSchema);
