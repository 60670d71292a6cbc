import type { Fleet } from './couriers.ts';
import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import { draftOrder } from '../../../src/modules/orders/placement.service.ts';
import type { QuoteTerms } from '../../../src/modules/checkout/quote.model.ts';
import { draftPayment, type PaymentRecord } from '../../../src/modules/payments/payment.model.ts';
import type { OrderRecord } from '../../../src/modules/orders/order.model.ts';
import type { RefundRecord } from '../../../src/modules/payments/refunds/refund.model.ts';
import type { Random } from '../random.ts';
import { rowId } from './row-id.ts';

interface Agreed {
  orderId: string;
  quote: QuoteTerms;
  ownerId: string;
  random: Random;
}

/** As the checkout writes them. */
export function firstRows({ orderId, quote, ownerId, random }: Agreed): [ReturnType<typeof draftOrder>, PaymentRecord] {
  const { customerId, restaurantId, currency, items, pricing, restaurant, createdAt } = quote;
  const { deliveryAddress, distanceMeters, prepMinutes, eta } = quote;
  const paymentId = rowId('payment', orderId);
  const dates = { createdAt, updatedAt: createdAt };
  const notes = random.chance(0.08) ? 'Please ring twice' : undefined;
  const order = draftOrder({
    ...{ orderId, paymentId, quoteId: rowId('quote', orderId), customerId, restaurantId, ownerId, currency, items },
    commissionBasisPoints: 2_000,
    ...{
      mode: 'delivery',
      slot: null,
      releaseAt: null,
      paymentMethod: 'card',
      coupon: null,
      replacement: 'refund_item',
    },
    ...{ pricing, restaurant, deliveryAddress, distanceMeters, prepMinutes, promisedAt: eta.to, notes },
  });
  const intentId = `pi_sample_${orderId}`;
  const payment: PaymentRecord = {
    ...draftPayment({ paymentId, orderId, customerId, amountMinor: pricing.totalMinor, currency, method: 'card' }),
    ...{ intentId, clientSecret: `${intentId}_secret_sample`, ...dates },
  };
  return [{ ...order, ...dates }, payment];
}

interface GivenBack {
  at: Date;
  amountMinor: number;
  cause: RefundRecord['cause'];
}

/** As the job writes it once the provider has made it. */
export function refundRow(order: OrderRecord, { at, amountMinor, cause }: GivenBack): RefundRecord {
  const { _id: orderId, paymentId, customerId, restaurantId, courierId, currency, liableParty } = order;
  const isSettlement = cause === 'settlement';
  return {
    ...{
      _id: rowId('refund', orderId),
      paymentId,
      orderId,
      customerId,
      restaurantId,
      courierId,
      amountMinor,
      currency,
    },
    ...{ status: 'succeeded', cause, reason: isSettlement ? 'order_ended' : 'quality', note: null, lines: [] },
    liableParty: liableParty ?? (isSettlement ? 'platform' : 'restaurant'),
    sourceId: isSettlement ? `settlement-${amountMinor}` : `support-${orderId}`,
    ...{
      requestedBy: null,
      isReserved: false,
      providerRefundId: `re_sample_${orderId}`,
      attempt: 1,
      failureCode: null,
    },
    ...{ createdAt: at, updatedAt: at },
  };
}

/** By mean and deviation, such as 14 ± 5 minutes for pizza. */
export function logNormal([shortest, longest]: [number, number], random: Random): number {
  const [mean, deviation] = [(shortest + longest) / 2, (longest - shortest) / 2];
  const variance = Math.log(1 + (deviation / mean) ** 2);
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal);
}

export function fourDigits(random: Random): string {
  return String(random.whole(0, 9_999)).padStart(4, '0');
}

export const after = (at: Date, ms: number): Date => new Date(at.getTime() + Math.round(ms));
export const later = (one: Date, other: Date): Date => (one > other ? one : other);

/** A courier in reach. */
export interface Candidate {
  courier: CourierRecord;
  distanceMeters: number;
}

/** One courier, asked one delivery. */
export interface Asking {
  index: number;
  asked: number;
  at: Date;
  decidedAt: Date;
  isTaker: boolean;
}

/** What an order's story is told from. */
export interface Setting {
  orderId: string;
  quote: QuoteTerms;
  ownerId: string;
  /** Shortest and longest usual preparation of the cuisine. */
  prepMinutes: [number, number];
  isRaining: boolean;
  isPeak: boolean;
  /** Half of the money goes back after the delivery, as support would have it. */
  isHalfRefunded: boolean;
  fleet: Fleet;
  random: Random;
}
