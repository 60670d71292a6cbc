import { Schema, model } from 'mongoose';
import { newId } from '../../shared/ids.ts';
import type { WeeklySpan } from '../restaurants/index.ts';

/** A section of a restaurant's menu. */
export interface MenuCategoryRow {
  _id: string;
  restaurantId: string;
  name: string;
  /** Ascending from the top of the menu. */
  rank: number;
  /** When its items are served, on the restaurant's clock; empty: whenever it is open. */
  mealtimes: WeeklySpan[];
  version: number;
}

const menuCategorySchema = new Schema<MenuCategoryRow>(
  {
    _id: { type: String, default: newId },
    restaurantId: { type: String, required: true },
    name: { type: String, required: true, maxlength: 120 },
    rank: { type: Number, required: true },
    mealtimes: { type: Schema.Types.Mixed, default: [] },
    version: { type: Number, default: 0 },
  },
  { collection: 'menu_categories', versionKey: false },
);
// Serves getMenu, findMenuItems and the console's lists.
menuCategorySchema.index({ restaurantId: 1, rank: 1, _id: 1 });

export const MenuCategoryModel = model('MenuCategory', menuCategorySchema);
