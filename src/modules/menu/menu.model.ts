import { Schema, model } from 'mongoose';

/** A restaurant's menu as a whole: what two edits of it at once meet on. */
export interface MenuRow {
  /** The restaurant's id. */
  _id: string;
  /** Grows with every edit of what the menu is made of; not with what is sold out or sold. */
  revision: number;
}

// Every query goes by _id, so there is no other index.
const menuSchema = new Schema<MenuRow>(
  { _id: { type: String, required: true }, revision: { type: Number, required: true } },
  { collection: 'menus', versionKey: false },
);

export const MenuModel = model('Menu', menuSchema);
