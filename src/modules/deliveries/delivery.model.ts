import { Schema, model, type mongo } from 'mongoose';
import type { GeoJsonPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from './delivery.machine.ts';

export interface DeliveryRecord {
  _id: string;
  orderId: string;
  orderNumber: string;
  customerId: string;
  restaurantId: string;
  courierId: string | null;
  status: DeliveryStatus;
  /** +1 with every change of status and every round. */
  version: number;
  pickup: { name: string; addressLine: string; phone: string | null; location: GeoJsonPoint };
  dropoff: {
    line1: string;
    line2: string | null;
    city: string;
    postcode: string | null;
    instructions: string | null;
    location: GeoJsonPoint;
  };
  /** By road, from pickup to drop-off. */
  tripMeters: number;
  /** What the courier earns. */
  feeMinor: number;
  currency: string;
  /** The courier takes the money at the door. How much says the order, which may be amended. */
  isCash: boolean;
  readyEta: Date;
  /** Rounds of offers so far; it only ever grows, also over a release. */
  round: number;
  roundEndsAt: Date | null;
  /** Couriers who gave the delivery back: never asked again. */
  releasedBy: string[];
  /** Shown by the courier to the restaurant. */
  handoverCode: string;
  handoverTries: number;
  /** Shown by the customer to the courier. */
  pin: string;
  /** Guesses at this PIN; at the limit it is locked until the customer shows a new one. */
  pinTries: number;
  dispatchStartedAt: Date | null;
  stalledAt: Date | null;
  assignedAt: Date | null;
  pickedUpAt: Date | null;
  /** T7 counts from here; null also for who is known to be somewhere else than at the door. */
  atDropoffAt: Date | null;
  /** How the courier tried to reach the customer at the door. */
  contactAttempts: { channel: string; at: Date; distanceMeters?: number | null }[];
  /** From the door when the wait began; null: nobody knows. */
  doorDistanceMeters?: number | null;
  /** T8: operations were told that the courier who carries it has no position. */
  lostAt: Date | null;
  endedAt: Date | null;
  /** The courier's picture at the door; not there: none. */
  proofImageId?: string | null;
  /** Of `proofImageId`, once it is ready. */
  proof?: Picture | null;
  createdAt: Date;
  updatedAt: Date;
}

const pointSchema = new Schema(
  { type: { type: String, enum: ['Point'], required: true }, coordinates: { type: [Number], required: true } },
  { _id: false },
);
const text = { type: String, required: true };
const optionalText = { type: String, default: null };
const optionalDate = { type: Date, default: null };
const whole = { type: Number, required: true, validate: Number.isInteger };

const deliverySchema = new Schema<DeliveryRecord>(
  {
    _id: { type: String, default: newId },
    orderId: text,
    orderNumber: text,
    customerId: text,
    restaurantId: text,
    courierId: optionalText,
    status: { type: String, enum: DELIVERY_STATUSES, required: true },
    version: whole,
    pickup: new Schema({ name: text, addressLine: text, phone: optionalText, location: pointSchema }, { _id: false }),
    dropoff: new Schema(
      {
        line1: text,
        line2: optionalText,
        city: text,
        postcode: optionalText,
        instructions: optionalText,
        location: pointSchema,
      },
      { _id: false },
    ),
    tripMeters: whole,
    feeMinor: whole,
    currency: text,
    isCash: { type: Boolean, default: false },
    readyEta: { type: Date, required: true },
    round: whole,
    roundEndsAt: optionalDate,
    releasedBy: { type: [String], required: true },
    handoverCode: text,
    handoverTries: whole,
    pin: text,
    pinTries: whole,
    dispatchStartedAt: optionalDate,
    stalledAt: optionalDate,
    assignedAt: optionalDate,
    pickedUpAt: optionalDate,
    atDropoffAt: optionalDate,
    contactAttempts: { type: Schema.Types.Mixed, default: () => [] },
    doorDistanceMeters: { type: Number, default: null },
    lostAt: optionalDate,
    endedAt: optionalDate,
    proofImageId: { type: String, default: undefined },
    proof: { type: Schema.Types.Mixed, default: undefined },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'deliveries', versionKey: false },
);
// One delivery per order, however often the job runs; serves every look-up by order.
deliverySchema.index({ orderId: 1 }, { unique: true });
// Serves findOfferingNear: what a courier who comes online could take.
deliverySchema.index(
  { 'pickup.location': '2dsphere' },
  { name: 'offering_pickup', partialFilterExpression: { status: 'offering' } },
);
// Serves countStalled.
deliverySchema.index({ stalledAt: 1 }, { name: 'stalled', partialFilterExpression: { status: 'offering' } });

export const DeliveryModel = model('Delivery', deliverySchema);

export function deliveries(): mongo.Collection<DeliveryRecord> {
  return DeliveryModel.collection as unknown as mongo.Collection<DeliveryRecord>;
}
