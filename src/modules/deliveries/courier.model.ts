import { Schema, model, type mongo } from 'mongoose';
import type { GeoJsonPoint } from '../../shared/geo.ts';

export const VEHICLES = ['bike', 'scooter', 'foot'] as const;
export type Vehicle = (typeof VEHICLES)[number];

export const COURIER_STATUSES = ['pending', 'approved', 'suspended'] as const;
export type CourierStatus = (typeof COURIER_STATUSES)[number];

export interface CourierRecord {
  /** The user's id. */
  _id: string;
  vehicle: Vehicle;
  status: CourierStatus;
  /** Wants offers. A courier may go offline and still finish the delivery in hand. */
  isOnline: boolean;
  /** The capacity of a courier is one: the claim of a delivery sets this field from null. */
  activeDeliveryId: string | null;
  location: GeoJsonPoint | null;
  /** When the courier was there, by the courier's clock but never later than ours. */
  locationAt: Date | null;
  /** Of the position, as the phone says; not there or null: it does not say. */
  accuracyMeters?: number | null;
  /** When the position last went to a customer: at most once a second, whichever instance takes the fix. */
  sharedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const pointSchema = new Schema(
  { type: { type: String, enum: ['Point'], required: true }, coordinates: { type: [Number], required: true } },
  { _id: false },
);

const courierSchema = new Schema<CourierRecord>(
  {
    _id: { type: String, required: true },
    vehicle: { type: String, enum: VEHICLES, required: true },
    status: { type: String, enum: COURIER_STATUSES, required: true },
    isOnline: { type: Boolean, required: true },
    activeDeliveryId: { type: String, default: null },
    location: { type: pointSchema, default: null },
    locationAt: { type: Date, default: null },
    accuracyMeters: Number,
    sharedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'couriers', versionKey: false },
);

/** What makes a courier idle: the filter of the search and of its index, word for word. */
export const IDLE_COURIER = { status: 'approved', isOnline: true, activeDeliveryId: null } as const;

// Serves findIdleCouriersNear. Partial: a courier who is offline or busy costs the search nothing.
courierSchema.index({ location: '2dsphere' }, { name: 'idle_location', partialFilterExpression: IDLE_COURIER });

export const CourierModel = model('Courier', courierSchema);

/** The driver's collection, typed: hot writes and reads go past Mongoose's casting. */
export function couriers(): mongo.Collection<CourierRecord> {
  return CourierModel.collection as unknown as mongo.Collection<CourierRecord>;
}
