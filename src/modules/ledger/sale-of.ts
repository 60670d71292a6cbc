import { allocate, basisPointsOf } from '../../shared/money.ts';
import type { OrderRecord } from '../orders/index.ts';
import type { PostingLine } from './post-to-ledger.service.ts';

export type SoldOrder = Pick<
  OrderRecord,
  | 'status'
  | 'customerId'
  | 'ownerId'
  | 'courierId'
  | 'pricing'
  | 'amountDueMinor'
  | 'coupon'
  | 'liableParty'
  | 'commissionBasisPoints'
  | 'courierFeeMinor'
> & {
  /** The kitchen had begun before it ended. */
  wasCooked: boolean;
};

/**
 * What an order that is over means for everybody, as lines that sum to zero. Pure.
 *
 * Food that was eaten, or that the customer pays for in full: the customer owes what is due. The restaurant gets its items and
 * packaging with their tax, which it remits, less our commission; a coupon counts against who pays for it. The courier gets the fee
 * with the tip, also where the restaurant's own threshold made the delivery free: then the restaurant pays for the way. We keep commission, fees and what the delivery leaves, less the tax of the fees, which is due to the state.
 *
 * An end without food: the customer owes the fee that the policy left, if any. Restaurant (if it had begun to cook) and courier (if
 * the delivery was paid for) get what they would have got, unless it was their fault; before the kitchen has begun, the restaurant
 * gets the customer's fee, less our commission on the food in it. The party at fault bears what the fee does not cover; we do for the customer.
 */
export function saleOf(order: SoldOrder): PostingLine[] {
  const isSale = order.status === 'delivered' || order.status === 'collected';
  return isSale || isPaidInFull(order) ? saleLines(order) : lossLines(order);
}

/** Of a bill of nothing only the food tells. */
function isPaidInFull({ amountDueMinor, pricing, liableParty, wasCooked }: SoldOrder): boolean {
  if (amountDueMinor !== pricing.totalMinor || liableParty === 'restaurant') return false;
  return amountDueMinor > 0 || (liableParty === 'customer' && wasCooked);
}

function saleLines(order: SoldOrder): PostingLine[] {
  const { pricing, amountDueMinor } = order;
  const { deliveryFeeMinor, serviceFeeMinor, smallOrderFeeMinor, tipMinor } = pricing;
  // Whoever settled for less than the agreed total did so over the food.
  const shortMinor = pricing.totalMinor - amountDueMinor;
  const courierMinor = courierFeeOf(order);
  const feeTaxMinor = feeTaxOf(order);
  const addedFeeTaxMinor = pricing.pricesIncludeTax ? 0 : feeTaxMinor;
  const feesMinor = deliveryFeeMinor + serviceFeeMinor + smallOrderFeeMinor + tipMinor + addedFeeTaxMinor;
  const costsMinor = discountBy(order, 'platform');
  const discountMinor = discountBy(order, 'restaurant');
  const freeWayMinor = freeWayOf(order);
  const itemsAndTaxMinor = pricing.totalMinor + costsMinor + discountMinor - feesMinor;
  const commissionMinor = commissionOf(order);
  return [
    customer(order, amountDueMinor),
    restaurant(order, commissionMinor + discountMinor + shortMinor + freeWayMinor - itemsAndTaxMinor),
    courier(order, -courierMinor),
    { account: 'tax', amountMinor: -feeTaxMinor },
    { account: 'platform_costs', amountMinor: costsMinor },
    {
      account: 'platform_revenue',
      amountMinor: courierMinor + feeTaxMinor - commissionMinor - feesMinor - freeWayMinor,
    },
  ];
}

function lossLines(order: SoldOrder): PostingLine[] {
  const { liableParty, amountDueMinor } = order;
  const restaurantMinor = liableParty === 'restaurant' ? 0 : restaurantLossOf(order);
  const courierMinor = courierFeeOf(order);
  const leftMinor = amountDueMinor - restaurantMinor - courierMinor;
  return [
    customer(order, amountDueMinor),
    restaurant(order, -restaurantMinor),
    courier(order, -courierMinor),
    leftMinor >= 0 ? { account: 'platform_revenue', amountMinor: -leftMinor } : bearer(order, -leftMinor),
  ];
}

/** What a restaurant gets for an order that it is not to blame for. */
function restaurantLossOf(order: SoldOrder): number {
  const { amountDueMinor, commissionBasisPoints, pricing } = order;
  if (!order.wasCooked) return amountDueMinor - basisPointsOf(foodInFeeOf(order), commissionBasisPoints);
  const asSold = saleLines({ ...order, amountDueMinor: pricing.totalMinor });
  return -asSold.filter(({ account }) => account === 'restaurant').reduce((sum, line) => sum + line.amountMinor, 0);
}

function bearer(order: SoldOrder, amountMinor: number): PostingLine {
  if (order.liableParty === 'restaurant') return restaurant(order, amountMinor);
  if (order.liableParty === 'courier' && order.courierId !== null) return courier(order, amountMinor);
  return { account: 'platform_costs', amountMinor };
}

function customer({ customerId }: SoldOrder, amountMinor: number): PostingLine {
  return { account: 'customer', ownerId: customerId, amountMinor };
}

function restaurant({ ownerId }: SoldOrder, amountMinor: number): PostingLine {
  return { account: 'restaurant', ownerId, amountMinor };
}

function courier({ courierId }: SoldOrder, amountMinor: number): PostingLine {
  return { account: 'courier', ownerId: courierId, amountMinor };
}

/** Nothing for a courier who is to blame. */
function courierFeeOf({ courierId, courierFeeMinor, liableParty }: SoldOrder): number {
  return courierId === null || liableParty === 'courier' ? 0 : (courierFeeMinor ?? 0);
}

/** The restaurant's promise, where a courier is paid for it. */
function freeWayOf(order: SoldOrder): number {
  return Math.min(order.pricing.freeWayMinor ?? 0, courierFeeOf(order));
}

function feeTaxOf({ pricing: { feeTaxMinor } }: SoldOrder): number {
  return feeTaxMinor.delivery + feeTaxMinor.service + feeTaxMinor.smallOrder;
}

/** Of the items, less what the restaurant itself took off them. */
function commissionOf({ pricing, coupon, commissionBasisPoints }: SoldOrder): number {
  const ownDiscountMinor = coupon?.fundedBy === 'restaurant' ? pricing.itemsDiscountMinor : 0;
  return basisPointsOf(pricing.itemsMinor - ownDiscountMinor, commissionBasisPoints);
}

/** What of a fee is for the items: not for their packaging, nor the tax that comes on top, which is the state's. */
function foodInFeeOf({ pricing, amountDueMinor }: SoldOrder): number {
  const { lines, packagingFeeMinor, pricesIncludeTax, feeTaxMinor } = pricing;
  const lineTaxMinor = pricesIncludeTax ? 0 : lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0);
  const packagingMinor = packagingFeeMinor + (pricesIncludeTax ? 0 : feeTaxMinor.packaging);
  const foodMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, -lineTaxMinor);
  return allocate(amountDueMinor, [foodMinor, lineTaxMinor + packagingMinor])[0] ?? 0;
}

function discountBy({ pricing, coupon }: SoldOrder, party: 'platform' | 'restaurant'): number {
  const discountMinor = pricing.itemsDiscountMinor + pricing.deliveryDiscountMinor;
  // A discount without a coupon is a promise of ours.
  return (coupon?.fundedBy ?? 'platform') === party ? discountMinor : 0;
}
