import { allocate, basisPointsOf } from '../../shared/money.ts';
import type { OrderRecord } from '../orders/index.ts';

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

/** What a party gets of an order, and why. Positive: to them. Their share is the sum: what is posted is what is told, by construction. */
export type Share<Part extends string = string> = Partial<Record<Part, number>>;

type RestaurantPart =
  | 'items'
  | 'packaging'
  /** On items and packaging, where it comes on top: they remit it. */
  | 'tax'
  | 'discount'
  | 'freeDelivery'
  | 'commission'
  /** What the customer paid for food that nobody cooked. */
  | 'cancellationFee'
  /** What the food was settled for less than its price. */
  | 'reduction'
  /** What an end cost that was their fault. */
  | 'fault';
type CourierPart = 'way' | 'tip' | 'fault';

export function sumOf(share: Share): number {
  return Object.values(share).reduce<number>((sum, amountMinor = 0) => sum + amountMinor, 0);
}

/** Delivered or collected, or paid for as if it had been. Of a bill of nothing only the food tells. */
export function isSold({ status, amountDueMinor, pricing, liableParty, wasCooked }: SoldOrder): boolean {
  if (status === 'delivered' || status === 'collected') return true;
  if (amountDueMinor !== pricing.totalMinor || liableParty === 'restaurant') return false;
  return amountDueMinor > 0 || (liableParty === 'customer' && wasCooked);
}

export function restaurantShareOf(order: SoldOrder): Share<RestaurantPart> {
  const { liableParty, amountDueMinor, pricing, wasCooked } = order;
  if (isSold(order)) return foodOf(order);
  if (liableParty === 'restaurant') return { fault: Math.min(0, amountDueMinor - sumOf(wayOf(order))) };
  if (wasCooked) return foodOf({ ...order, amountDueMinor: pricing.totalMinor });
  const commissionMinor = basisPointsOf(foodInFeeOf(order), order.commissionBasisPoints);
  return { cancellationFee: amountDueMinor, commission: -commissionMinor };
}

export function courierShareOf(order: SoldOrder): Share<CourierPart> {
  const { courierId, liableParty, amountDueMinor } = order;
  const isBlamed = courierId !== null && liableParty === 'courier' && !isSold(order);
  if (isBlamed) return { fault: Math.min(0, amountDueMinor - sumOf(restaurantShareOf(order))) };
  return wayOf(order);
}

/** Of food that is paid for, in full or settled for less. */
function foodOf(order: SoldOrder): Share<RestaurantPart> {
  const { pricing, amountDueMinor, commissionBasisPoints } = order;
  const itemsDiscountMinor = isOwnCoupon(order) ? pricing.itemsDiscountMinor : 0;
  return {
    items: pricing.itemsMinor,
    packaging: pricing.packagingFeeMinor,
    tax: pricing.pricesIncludeTax ? 0 : foodTaxOf(order),
    discount: -discountBy(order, 'restaurant'),
    // The restaurant's promise, where a courier is paid for it.
    freeDelivery: -freeWayOf(order),
    // Of the items, less what the restaurant itself took off them.
    commission: -basisPointsOf(pricing.itemsMinor - itemsDiscountMinor, commissionBasisPoints),
    // Whoever settled for less than the agreed total did so over the food.
    reduction: amountDueMinor - pricing.totalMinor,
  };
}

/** Nothing for a courier who is to blame. */
function wayOf(order: SoldOrder): Share<CourierPart> {
  const { status, courierId, courierFeeMinor, liableParty, amountDueMinor, pricing } = order;
  if (courierId === null || liableParty === 'courier') return {};
  const feeMinor = courierFeeMinor ?? 0;
  // Of an end without food a customer who did not pay in full gave no tip.
  const isTipPaid = status === 'delivered' || amountDueMinor >= pricing.totalMinor;
  const tip = isTipPaid ? Math.min(pricing.tipMinor, feeMinor) : 0;
  return { way: feeMinor - tip, tip };
}

/** What the restaurant's threshold let go of, as far as a courier is paid for it. */
export function freeWayOf(order: SoldOrder): number {
  return Math.min(order.pricing.freeWayMinor ?? 0, sumOf(wayOf(order)));
}

/** In the restaurant's prices or on top of them, as the bill says. */
export function foodTaxOf({ pricing: { lines, feeTaxMinor } }: Pick<SoldOrder, 'pricing'>): number {
  return lines.reduce((sum, { taxMinor }) => sum + taxMinor, feeTaxMinor.packaging);
}

/** What of a fee is for the items: not for their packaging, nor the tax that comes on top, which is the state's. */
function foodInFeeOf({ pricing, amountDueMinor }: SoldOrder): number {
  const { lines, packagingFeeMinor, pricesIncludeTax, feeTaxMinor } = pricing;
  const lineTaxMinor = pricesIncludeTax ? 0 : lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0);
  const packagingMinor = packagingFeeMinor + (pricesIncludeTax ? 0 : feeTaxMinor.packaging);
  const foodMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, -lineTaxMinor);
  return allocate(amountDueMinor, [foodMinor, lineTaxMinor + packagingMinor])[0] ?? 0;
}

/** A discount without a coupon is a promise of ours. */
export function discountBy(order: SoldOrder, party: 'platform' | 'restaurant'): number {
  const { itemsDiscountMinor, deliveryDiscountMinor } = order.pricing;
  return isOwnCoupon(order) === (party === 'restaurant') ? itemsDiscountMinor + deliveryDiscountMinor : 0;
}

function isOwnCoupon({ coupon }: SoldOrder): boolean {
  return coupon?.fundedBy === 'restaurant';
}
