import { Schema, model } from 'mongoose';
import { dateFrom } from '../../shared/clock.ts';
import type { GeoPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import { LIABLE_PARTIES, type LiableParty } from '../../shared/liable-party.ts';
import type { Breakdown } from '../pricing/index.ts';
import { ORDER_MODES, type OrderMode, type TaxRegistration } from '../restaurants/index.ts';
import { PAYMENT_METHODS, REPLACEMENTS, type PaymentMethod, type Replacement } from './order-choices.ts';
import { OPEN_STATUSES, ORDER_STATUSES, type OrderStatus } from './order.machine.ts';

export interface OrderItem {
  /** Of its line in the breakdown. */
  lineId: string;
  itemId: string;
  name: string;
  quantity: number;
  /** In its size, with its options. */
  unitPriceMinor: number;
  /** Its price took the place of the item's. */
  size?: { sizeId: string; name: string; priceMinor: number };
  options: { optionId: string; name: string; priceMinor: number }[];
  lineTotalMinor: number;
  note?: string;
}

export interface OrderAddress {
  label: string;
  line1: string;
  line2?: string;
  city: string;
  postcode?: string;
  location: GeoPoint;
  instructions?: string;
}

export interface OrderRestaurant {
  name: string;
  addressLine: string;
  phone: string | null;
  location: GeoPoint;
  timeZone: string;
  /** For its documents only. Missing where the order is older than the field. */
  taxRegistration?: TaxRegistration | null;
}

/** Names, prices and addresses are copies: an order says what was agreed, whatever the menu says later. */
export interface OrderRecord {
  _id: string;
  /** Short form for people, e.g. on a bag. Not unique, not secret. */
  number: string;
  status: OrderStatus;
  /** +1 with every change of status. */
  version: number;
  /** Seq of the last event. */
  eventSeq: number;
  customerId: string;
  restaurantId: string;
  /** Who owned the restaurant when it was ordered: a copy for the books. Who may act for it now is asked of `staff`. */
  ownerId: string;
  courierId: string | null;
  paymentId: string;
  quoteId: string;
  currency: string;
  items: OrderItem[];
  /** The quote's breakdown; after an amendment what it came to. */
  pricing: Breakdown;
  restaurant: OrderRestaurant;
  mode: OrderMode;
  /** For when it was ordered; null: as soon as possible. */
  slot: { startAt: Date; endAt: Date } | null;
  /** T3: when a scheduled order rings in the kitchen. */
  releaseAt: Date | null;
  /** Null: the customer collects. */
  deliveryAddress: OrderAddress | null;
  /** 0 where the customer collects. */
  distanceMeters: number;
  paymentMethod: PaymentMethod;
  /**
   * What the customer owes in the end: the total, less what was amended; after a cancellation its fee, or nothing. Payments make
   * the money follow it: capture no more, void or refund the rest.
   */
  amountDueMinor: number;
  /** Mirror of the payment's. */
  amountRefundedMinor: number;
  /** Of that, what support gave back: it did not follow from what is due. */
  refundedByHandMinor: number;
  /** Mirror of the payment's: what the customer's bank has taken back, for the time being or for good. */
  disputedMinor: number;
  /** Given to the courier after the delivery, less what was given back of it; no part of the bill. */
  tippedMinor: number;
  coupon: OrderCoupon | null;
  /** What to do when a dish has run out and the customer does not answer in time. */
  replacement: Replacement;
  /** Who bears what an end without food costs. */
  liableParty: LiableParty | null;
  /** Six digits that the customer shows where the food is collected. */
  collectionCode: string | null;
  collectionTries: number;
  /** T6: food that nobody has collected by then is given up. */
  collectUntil: Date | null;
  /** Of the items, for us; agreed when it was ordered. */
  commissionBasisPoints: number;
  /** What the courier earned with it, tip included; known once it is delivered. */
  courierFeeMinor: number | null;
  /** The capture was refused: until then the customer may pay again. */
  payAgainUntil: Date | null;
  paymentStatus: string;
  deliveryStatus: string | null;
  notes: string | null;
  reason: string | null;
  prepMinutes: number | null;
  acceptedAt: Date | null;
  readyEta: Date | null;
  /** How often the kitchen has put the food off, and by how much in all. */
  delays: number;
  delayedMinutes: number;
  /** The amendment that waits for the customer; there is one at a time. */
  openAmendmentId: string | null;
  /** How many there were, that one included. */
  amendments: number;
  /** Fixed at the quote; accuracy is measured against it. */
  promisedAt: Date;
  createdAt: Date;
  updatedAt: Date;
  placedAt: Date | null;
  endedAt: Date | null;
}

/** As it was claimed with the order. */
export interface OrderCoupon {
  couponId: string;
  code: string;
  discountMinor: number;
  fundedBy: 'platform' | 'restaurant';
}

const orderSchema = new Schema<OrderRecord>(
  {
    _id: { type: String, default: newId },
    number: { type: String, required: true },
    status: { type: String, required: true, enum: ORDER_STATUSES },
    version: { type: Number, required: true },
    eventSeq: { type: Number, required: true },
    customerId: { type: String, required: true },
    restaurantId: { type: String, required: true },
    ownerId: { type: String, required: true },
    courierId: { type: String, default: null },
    paymentId: { type: String, required: true },
    quoteId: { type: String, required: true },
    currency: { type: String, required: true },
    items: { type: Schema.Types.Mixed, required: true },
    pricing: { type: Schema.Types.Mixed, required: true },
    restaurant: { type: Schema.Types.Mixed, required: true },
    mode: { type: String, required: true, enum: ORDER_MODES },
    slot: { type: Schema.Types.Mixed, default: null },
    releaseAt: { type: Date, default: null },
    deliveryAddress: { type: Schema.Types.Mixed, default: null },
    distanceMeters: { type: Number, required: true },
    paymentMethod: { type: String, required: true, enum: PAYMENT_METHODS },
    amountDueMinor: { type: Number, required: true },
    amountRefundedMinor: { type: Number, required: true },
    refundedByHandMinor: { type: Number, default: 0 },
    disputedMinor: { type: Number, default: 0 },
    tippedMinor: { type: Number, default: 0 },
    coupon: { type: Schema.Types.Mixed, default: null },
    replacement: { type: String, required: true, enum: REPLACEMENTS },
    liableParty: { type: String, enum: [...LIABLE_PARTIES, null], default: null },
    collectionCode: { type: String, default: null },
    collectionTries: { type: Number, default: 0 },
    collectUntil: { type: Date, default: null },
    commissionBasisPoints: { type: Number, required: true },
    courierFeeMinor: { type: Number, default: null },
    payAgainUntil: { type: Date, default: null },
    paymentStatus: { type: String, required: true },
    deliveryStatus: { type: String, default: null },
    notes: { type: String, default: null },
    reason: { type: String, default: null },
    prepMinutes: { type: Number, default: null },
    acceptedAt: { type: Date, default: null },
    delays: { type: Number, default: 0 },
    delayedMinutes: { type: Number, default: 0 },
    openAmendmentId: { type: String, default: null },
    amendments: { type: Number, default: 0 },
    readyEta: { type: Date, default: null },
    promisedAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    placedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
  },
  { collection: 'orders', versionKey: false },
);
// One order per quote, whatever else goes wrong; serves no query.
orderSchema.index({ quoteId: 1 }, { unique: true });
// Serves listOrders for a customer, hasOrdered, listCashOrders, exportOrders and forgetCustomer.
orderSchema.index({ customerId: 1, _id: -1 });
// Serves countOpenOrders: by status, and only what is not over.
orderSchema.index({ status: 1 }, { name: 'open_status', partialFilterExpression: { status: { $in: OPEN_STATUSES } } });
// Serves countBoards and sumDelivered, listRestaurantOrders, the live board, with and without a status filter, and listOrders for the staff of restaurants.
orderSchema.index({ restaurantId: 1, _id: -1 });
orderSchema.index({ restaurantId: 1, status: 1, _id: -1 });
// Serves listOrders for a courier. Not `$type: 'string'`: the planner does not see that an equality implies it, and would read every
// order there is, for every party, since the three stand in one `$or`.
orderSchema.index({ courierId: 1, _id: -1 }, { partialFilterExpression: { courierId: { $gt: '' } } });
// Serves eachSoldOrder of the reports.
orderSchema.index(
  { endedAt: 1, _id: 1 },
  { name: 'received', partialFilterExpression: { status: { $in: ['delivered', 'collected'] } } },
);
// Serves countStrikes: orders that a restaurant let expire.
orderSchema.index(
  { restaurantId: 1, endedAt: -1 },
  { name: 'unanswered', partialFilterExpression: { status: 'expired', placedAt: { $gt: dateFrom(0) } } },
);

export const OrderModel = model('Order', orderSchema);
