import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';

/** A name over several restaurants of one owner: its branches carry the `brandId`. */
export interface BrandRow {
  _id: string;
  ownerId: string;
  name: string;
  /** With a random tail until customers see the brand. */
  slug: string;
  /** Of the name, while customers know it (`followBranch`); null: nobody does. */
  nameKey: string | null;
  description: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const brandSchema = new Schema<BrandRow>(
  {
    _id: { type: String, default: newId },
    ownerId: { type: String, required: true },
    name: { type: String, required: true, maxlength: 100 },
    slug: { type: String, required: true },
    nameKey: { type: String, default: null },
    description: { type: String, default: '', maxlength: 500 },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'brands', versionKey: false },
);
// Serves listBrands and the limit of createBrand; unique, so that a double click makes one brand.
brandSchema.index({ ownerId: 1, name: 1 }, { unique: true });
// No two brands that customers see are called alike.
brandSchema.index({ nameKey: 1 }, { unique: true, partialFilterExpression: { nameKey: { $gt: '' } } });
// One public address per brand. Serves followBranch.
brandSchema.index({ slug: 1 }, { unique: true });

export const BrandModel = model('Brand', brandSchema);
