import type { PostingLine } from './post-to-ledger.service.ts';
import {
  courierShareOf,
  discountBy,
  freeWayOf,
  isSold,
  restaurantShareOf,
  sumOf,
  type Share,
  type SoldOrder,
} from './shares.ts';

export type { SoldOrder } from './shares.ts';

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
  const { customerId, ownerId, courierId, amountDueMinor } = order;
  const [restaurant, courier] = [restaurantShareOf(order), courierShareOf(order)];
  return [
    { account: 'customer', ownerId: customerId, amountMinor: amountDueMinor },
    { account: 'restaurant', ownerId, amountMinor: -sumOf(restaurant) },
    { account: 'courier', ownerId: courierId, amountMinor: -sumOf(courier) },
    ...(isSold(order) ? ofOurSale(order, { restaurant, courier }) : ofOurLoss(order, { restaurant, courier })),
  ];
}

interface Shares {
  restaurant: Share;
  courier: Share;
}

function ofOurSale(order: SoldOrder, { restaurant, courier }: Shares): PostingLine[] {
  const { deliveryFeeMinor, serviceFeeMinor, smallOrderFeeMinor, tipMinor, pricesIncludeTax } = order.pricing;
  const feeTaxMinor = feeTaxOf(order);
  const feesMinor = deliveryFeeMinor + serviceFeeMinor + smallOrderFeeMinor + tipMinor;
  const earnedMinor =
    feesMinor + (pricesIncludeTax ? 0 : feeTaxMinor) + freeWayOf(order) - (restaurant['commission'] ?? 0);
  return [
    { account: 'tax', amountMinor: -feeTaxMinor },
    { account: 'platform_costs', amountMinor: discountBy(order, 'platform') },
    { account: 'platform_revenue', amountMinor: sumOf(courier) + feeTaxMinor - earnedMinor },
  ];
}

/** What the others leave of the fee, or leave to us to bear. */
function ofOurLoss({ amountDueMinor }: SoldOrder, { restaurant, courier }: Shares): PostingLine[] {
  const leftMinor = amountDueMinor - sumOf(restaurant) - sumOf(courier);
  return [{ account: leftMinor >= 0 ? 'platform_revenue' : 'platform_costs', amountMinor: -leftMinor }];
}

function feeTaxOf({ pricing: { feeTaxMinor } }: SoldOrder): number {
  return feeTaxMinor.delivery + feeTaxMinor.service + feeTaxMinor.smallOrder;
}
