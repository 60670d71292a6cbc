import type { OrderItem, OrderRecord, OrderStatus } from '../orders/index.ts';
import type { Breakdown } from '../pricing/index.ts';
import { moneyText } from './money-text.ts';

/** The ends that have a receipt. */
const ENDED: Partial<Record<OrderStatus, string>> = {
  ...{ delivered: 'was delivered', collected: 'was collected', cancelled: 'was cancelled' },
  ...{ no_show: 'was given up, uncollected,', failed: 'could not be handed over' },
};

/** What the templates of an order print: text only, no code, no id of a payment. */
export function orderMailData(order: OrderRecord) {
  const { currency, pricing, restaurant, deliveryAddress } = order;
  const inLocalTime = new Intl.DateTimeFormat('en-GB', {
    timeZone: restaurant.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return {
    orderNumber: order.number,
    restaurantName: restaurant.name,
    restaurantAddress: restaurant.addressLine,
    deliveryTo: deliveryAddress === null ? '' : `${deliveryAddress.label}, ${deliveryAddress.line1}`,
    promisedAt: inLocalTime.format(order.promisedAt),
    ended: order.endedAt === null ? '' : `${ENDED[order.status] ?? 'ended'} on ${inLocalTime.format(order.endedAt)}`,
    items: order.items.map((item) => itemText(item, currency)),
    charges: chargesOf(pricing).map(({ label, amountMinor }) => ({ label, amount: moneyText(amountMinor, currency) })),
    total: moneyText(pricing.totalMinor, currency),
    includedTax: pricing.pricesIncludeTax && pricing.taxMinor > 0 ? moneyText(pricing.taxMinor, currency) : null,
  };
}

function itemText(item: OrderItem, currency: string) {
  return {
    quantity: item.quantity,
    name: item.size === undefined ? item.name : `${item.name}, ${item.size.name}`,
    options: item.options.map(({ name, priceMinor }) =>
      priceMinor === 0 ? name : `${name} (${moneyText(priceMinor, currency)})`,
    ),
    unitPrice: moneyText(item.unitPriceMinor, currency),
    lineTotal: moneyText(item.lineTotalMinor, currency),
  };
}

/** The lines that, with the items, add up to the total. Tax stands here only where prices do not contain it. */
function chargesOf(pricing: Breakdown): { label: string; amountMinor: number }[] {
  const charges = [
    { label: 'Items', amountMinor: pricing.itemsMinor, isAlways: true },
    { label: 'Delivery', amountMinor: pricing.deliveryFeeMinor, isAlways: true },
    { label: 'Service', amountMinor: pricing.serviceFeeMinor, isAlways: false },
    { label: 'Packaging', amountMinor: pricing.packagingFeeMinor, isAlways: false },
    { label: 'Small order', amountMinor: pricing.smallOrderFeeMinor, isAlways: false },
    { label: 'Coupon', amountMinor: -(pricing.itemsDiscountMinor + pricing.deliveryDiscountMinor), isAlways: false },
    { label: 'Tax', amountMinor: pricing.pricesIncludeTax ? 0 : pricing.taxMinor, isAlways: false },
    { label: 'Tip for the courier', amountMinor: pricing.tipMinor, isAlways: false },
  ];
  return charges.filter(({ amountMinor, isAlways }) => isAlways || amountMinor !== 0);
}
