import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';
import type { WeeklySpan } from '../restaurants/index.ts';

export const ALLERGENS = [
  'celery',
  'crustaceans',
  'egg',
  'fish',
  'gluten',
  'milk',
  'molluscs',
  'mustard',
  'nuts',
  'peanut',
  'sesame',
  'soy',
] as const;
export const DIETS = ['vegetarian', 'vegan', 'jain', 'halal', 'gluten-free', 'egg-free'] as const;
export const ITEM_TAX_CATEGORIES = ['food', 'beverage', 'alcohol', 'packaged'] as const;

export interface MenuOptionRow {
  _id: string;
  name: string;
  priceMinor: number;
  isAvailable: boolean;
  soldOutUntil: Date | null;
  /** Asked only when this option is chosen. Their own options have none: two levels are the limit. */
  groups: MenuOptionGroupRow[];
}

/** Where there are sizes, one must be chosen, and its price takes the place of the item's. */
export interface MenuSizeRow {
  _id: string;
  name: string;
  priceMinor: number;
  isAvailable: boolean;
  soldOutUntil: Date | null;
}

/** Required when `minSelect` is at least one. */
export interface MenuOptionGroupRow {
  _id: string;
  name: string;
  minSelect: number;
  maxSelect: number;
  options: MenuOptionRow[];
}

export interface MenuItemRow {
  _id: string;
  restaurantId: string;
  categoryId: string;
  name: string;
  description: string;
  rank: number;
  priceMinor: number;
  /** The restaurant's. */
  currency: string;
  /** The restaurant's own number for it, by which an import finds it again. */
  sku: string | null;
  taxCategory: (typeof ITEM_TAX_CATEGORIES)[number];
  allergens: (typeof ALLERGENS)[number][];
  diets: (typeof DIETS)[number][];
  isAvailable: boolean;
  soldOutUntil: Date | null;
  /** When it is served, on the restaurant's clock; empty: as its category. */
  mealtimes: WeeklySpan[];
  /** How many are left; null: not counted. Never below zero. */
  stock: number | null;
  imageId: string | null;
  /** Of `imageId`, once it is ready. */
  picture: Picture | null;
  /** A short film of the dish, once it is ready. */
  clipImageId: string | null;
  clipUrl: string | null;
  sizes: MenuSizeRow[];
  optionGroups: MenuOptionGroupRow[];
  /** Beginnings of its words, by which a search finds it; none unless its restaurant is live. */
  searchTokens: string[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const minor = { type: Number, required: true, min: 0, validate: Number.isInteger };
const name = { type: String, required: true, maxlength: 200 };
const availability = { isAvailable: { type: Boolean, default: true }, soldOutUntil: { type: Date, default: null } };

const optionSchema = new Schema<MenuOptionRow>({
  _id: { type: String, default: newId },
  name,
  priceMinor: minor,
  ...availability,
  groups: { type: Schema.Types.Mixed, default: [] },
});
const sizeSchema = new Schema<MenuSizeRow>({
  _id: { type: String, default: newId },
  name,
  priceMinor: minor,
  ...availability,
});
const optionGroupSchema = new Schema<MenuOptionGroupRow>({
  _id: { type: String, default: newId },
  name,
  minSelect: minor,
  maxSelect: minor,
  options: [optionSchema],
});

const menuItemSchema = new Schema<MenuItemRow>(
  {
    _id: { type: String, default: newId },
    restaurantId: { type: String, required: true },
    categoryId: { type: String, required: true },
    name,
    description: { type: String, default: '', maxlength: 1000 },
    rank: { type: Number, required: true },
    priceMinor: minor,
    currency: { type: String, required: true, match: /^[A-Z]{3}$/ },
    sku: { type: String, default: null, maxlength: 64 },
    taxCategory: { type: String, enum: ITEM_TAX_CATEGORIES, required: true },
    allergens: { type: [String], enum: ALLERGENS, default: [] },
    diets: { type: [String], enum: DIETS, default: [] },
    ...availability,
    mealtimes: { type: Schema.Types.Mixed, default: [] },
    stock: { type: Number, default: null, min: 0 },
    imageId: { type: String, default: null },
    picture: { type: Schema.Types.Mixed, default: null },
    clipImageId: { type: String, default: null },
    clipUrl: { type: String, default: null },
    sizes: { type: [sizeSchema], default: [] },
    searchTokens: { type: [String], default: [] },
    optionGroups: { type: [optionGroupSchema], default: [] },
    version: { type: Number, default: 0 },
  },
  { collection: 'menu_items', versionKey: false, timestamps: true },
);
// Serves getMenu; findMenuItems goes by _id.
menuItemSchema.index({ restaurantId: 1, rank: 1, _id: 1 });
// One item per number in a restaurant, whatever two edits at once believe; serves no query.
menuItemSchema.index({ restaurantId: 1, sku: 1 }, { unique: true, partialFilterExpression: { sku: { $gt: '' } } });

// Serves letGoOfPictures and showItemPicture: who shows a picture.
menuItemSchema.index({ imageId: 1 }, { partialFilterExpression: { imageId: { $gt: '' } } });

// Serves countDishes, dishesQuery and dishesAtQuery: everywhere, and of some restaurants.
menuItemSchema.index({ searchTokens: 1, restaurantId: 1, _id: 1 });

export const MenuItemModel = model('MenuItem', menuItemSchema);
