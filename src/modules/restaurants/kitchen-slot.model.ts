import { Schema, model } from 'mongoose';

/** How many orders begin in one slot of one kitchen. Never more than the capacity of the moment at which they were taken. */
export interface KitchenSlotRow {
  /** `<restaurantId>-<start in ms>`: the unique key that a claim names. */
  _id: string;
  restaurantId: string;
  startAt: Date;
  taken: number;
}

/** One order's place in a slot, so that it is given back once. */
export interface KitchenClaimRow {
  /** The order's. */
  _id: string;
  slotId: string;
  startAt: Date;
  releasedAt: Date | null;
}

/** Nothing asks for what is older; a give-back that comes later than this finds nothing to do. */
const KEPT_SECONDS = 7 * 86_400;

const kitchenSlotSchema = new Schema<KitchenSlotRow>(
  {
    _id: { type: String, required: true },
    restaurantId: { type: String, required: true },
    startAt: { type: Date, required: true },
    taken: { type: Number, required: true, min: 0 },
  },
  { collection: 'kitchen_slots', versionKey: false },
);
// Serves findSlotCountsOf; claims go by _id.
kitchenSlotSchema.index({ restaurantId: 1, startAt: 1 });
// Serves the clean-up.
kitchenSlotSchema.index({ startAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

const kitchenClaimSchema = new Schema<KitchenClaimRow>(
  {
    _id: { type: String, required: true },
    slotId: { type: String, required: true },
    startAt: { type: Date, required: true },
    releasedAt: { type: Date, default: null },
  },
  { collection: 'kitchen_claims', versionKey: false },
);
// Serves the clean-up; releaseKitchenSlot goes by _id.
kitchenClaimSchema.index({ startAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const KitchenSlotModel = model('KitchenSlot', kitchenSlotSchema);
export const KitchenClaimModel = model('KitchenClaim', kitchenClaimSchema);
