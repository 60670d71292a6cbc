import { config } from '../../config/index.ts';
import { now } from '../../shared/clock.ts';
import { toGeoJson } from '../../shared/geo.ts';
import { newId, randomDigits } from '../../shared/ids.ts';
import type { OrderRecord } from '../orders/index.ts';
import type { DeliveryRecord } from './delivery.model.ts';

const CODE_DIGITS = 4;

/** The delivery of an accepted order. Addresses are copies: the courier goes where the order said. */
export function newDelivery(order: OrderRecord): DeliveryRecord {
  const at = now();
  return {
    _id: newId(),
    orderId: order._id,
    orderNumber: order.number,
    customerId: order.customerId,
    restaurantId: order.restaurantId,
    courierId: null,
    status: 'unassigned',
    version: 1,
    ...placesOf(order),
    tripMeters: order.distanceMeters,
    feeMinor: courierFeeOf(order),
    currency: order.currency,
    isCash: order.paymentMethod === 'cash',
    readyEta: order.readyEta ?? at,
    round: 0,
    roundEndsAt: null,
    releasedBy: [],
    handoverCode: newCode(),
    handoverTries: 0,
    pin: newCode(),
    pinTries: 0,
    dispatchStartedAt: null,
    stalledAt: null,
    assignedAt: null,
    pickedUpAt: null,
    ...{ atDropoffAt: null, contactAttempts: [], lostAt: null },
    endedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

/**
 * What the courier earns with it: the way, whatever the customer pays for it (what the fee table asks before threshold and coupon, or
 * our floor where it asks nothing), and the tip.
 */
export function courierFeeOf({ pricing, currency }: Pick<OrderRecord, 'pricing' | 'currency'>): number {
  const { deliveryFeeMinor, freeWayMinor = 0, tipMinor } = pricing;
  const askedMinor = deliveryFeeMinor + freeWayMinor;
  return tipMinor + (askedMinor === 0 ? (config.money.courierWayFloors[currency] ?? 0) : askedMinor);
}

/** Four digits from the CSPRNG, other than `previous`, so that showing a new code always changes something. */
export function newCode(previous?: string): string {
  let code = randomDigits(CODE_DIGITS);
  while (code === previous) code = randomDigits(CODE_DIGITS);
  return code;
}

function placesOf({ _id, restaurant, deliveryAddress }: OrderRecord): Pick<DeliveryRecord, 'pickup' | 'dropoff'> {
  if (deliveryAddress === null) throw new Error(`order ${_id} is collected, not delivered`);
  const { line1, line2, city, postcode, instructions } = deliveryAddress;
  const { name, addressLine, phone } = restaurant;
  return {
    pickup: { name, addressLine, phone, location: toGeoJson(restaurant.location) },
    dropoff: {
      line1,
      line2: line2 ?? null,
      city,
      postcode: postcode ?? null,
      instructions: instructions ?? null,
      location: toGeoJson(deliveryAddress.location),
    },
  };
}
