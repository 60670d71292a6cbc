import { Schema, model } from 'mongoose';

/** A restaurant that a customer wants to find again. */
export interface FavouriteRow {
  _id: string;
  userId: string;
  restaurantId: string;
  createdAt: Date;
}

const favouriteSchema = new Schema<FavouriteRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    restaurantId: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'favourites', versionKey: false },
);
// Serves addFavourite and removeFavourite; unique, so that one restaurant stands there once however often it is put.
favouriteSchema.index({ userId: 1, restaurantId: 1 }, { unique: true });
// Serves listFavourites, newest first.
favouriteSchema.index({ userId: 1, _id: -1 });

export const FavouriteModel = model('Favourite', favouriteSchema);
