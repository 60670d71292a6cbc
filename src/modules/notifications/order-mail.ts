import { timeTextsOf } from '../../shared/time-texts.ts';
import type { OrderItem, OrderRecord, OrderStatus, PaymentMethod } from '../orders/index.ts';
import { moneyText } from './money-text.ts';

/** The ends that have a receipt. */
const ENDED: Partial<Record<OrderStatus, string>> = {
  ...{ delivered: 'was delivered', collected: 'was collected', cancelled: 'was cancelled' },
  ...{ no_show: 'was given up, uncollected,', failed: 'could not be handed over' },
};

/** What every mail about an order's bill prints: text only, no code, no id of a payment. */
function billData(order: OrderRecord) {
  const { currency, pricing, restaurant } = order;
  return {
    orderNumber: order.number,
    restaurantName: restaurant.name,
    items: order.items.map((item) => itemText(item, currency)),
    charges: chargesOf(order).map(({ label, amountMinor }) => ({ label, amount: moneyText(amountMinor, currency) })),
    total: moneyText(pricing.totalMinor, currency),
    includedTax: pricing.pricesIncludeTax && pricing.taxMinor > 0 ? moneyText(pricing.taxMinor, currency) : null,
  };
}

/** What was agreed: where the food goes or waits, when, and how it is paid. */
export function confirmationData(order: OrderRecord) {
  return {
    ...billData(order),
    isForLater: order.slot !== null,
    isCollected: order.mode === 'collection',
    payment: HOW_TO_PAY[order.paymentMethod](order),
    facts: [placeOf(order), ...timesOf(order)],
  };
}

/** Of an order that is over. */
export function receiptData(order: OrderRecord) {
  const { restaurant, status, endedAt, paymentMethod } = order;
  return {
    ...billData(order),
    restaurantAddress: restaurant.addressLine,
    ended:
      endedAt === null ? '' : `${ENDED[status] ?? 'ended'} on ${timeTextsOf(restaurant.timeZone).dateTime(endedAt)}`,
    paid: HOW_IT_WAS_PAID[paymentMethod],
  };
}

const HOW_TO_PAY: Record<PaymentMethod, (order: OrderRecord) => string> = {
  card: ({ slot }) =>
    slot === null
      ? 'Your card is charged when the restaurant accepts.'
      : 'Your card is charged when the restaurant accepts, shortly before it cooks. Until then the sum is only held.',
  cash: ({ pricing, currency }) =>
    `You pay in cash: please have ${moneyText(pricing.totalMinor, currency)} ready for the courier.`,
  none: () => 'There is nothing to pay.',
};

const HOW_IT_WAS_PAID: Record<PaymentMethod, string> = {
  ...{ card: 'Paid by card.', cash: 'Paid in cash.', none: 'There was nothing to pay.' },
};

interface Fact {
  label: string;
  text: string;
}

function placeOf({ deliveryAddress, restaurant }: OrderRecord): Fact {
  if (deliveryAddress === null) return { label: 'Collect at', text: `${restaurant.name}, ${restaurant.addressLine}` };
  return { label: 'To', text: `${deliveryAddress.label}, ${deliveryAddress.line1}` };
}

/** A slot is when the food is ready; what is promised is the latest that it is in the customer's hands. */
function timesOf(order: OrderRecord): Fact[] {
  const { mode, slot, promisedAt, restaurant } = order;
  const { range, dateTime } = timeTextsOf(restaurant.timeZone);
  const isCollected = mode === 'collection';
  const chosen = slot === null ? [] : [{ label: 'For', text: range(slot.startAt, slot.endAt) }];
  // What is collected is in nobody's hands later than in its slot.
  if (isCollected && slot !== null) return chosen;
  return [...chosen, { label: isCollected ? 'Ready by' : 'Expected by', text: dateTime(promisedAt) }];
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
function chargesOf({ mode, pricing }: OrderRecord): { label: string; amountMinor: number }[] {
  const charges = [
    { label: 'Items', amountMinor: pricing.itemsMinor, isAlways: true },
    { label: 'Delivery', amountMinor: pricing.deliveryFeeMinor, isAlways: mode === 'delivery' },
    { label: 'Service', amountMinor: pricing.serviceFeeMinor, isAlways: false },
    { label: 'Packaging', amountMinor: pricing.packagingFeeMinor, isAlways: false },
    { label: 'Small order', amountMinor: pricing.smallOrderFeeMinor, isAlways: false },
    { label: 'Coupon', amountMinor: -(pricing.itemsDiscountMinor + pricing.deliveryDiscountMinor), isAlways: false },
    { label: 'Tax', amountMinor: pricing.pricesIncludeTax ? 0 : pricing.taxMinor, isAlways: false },
    { label: 'Tip for the courier', amountMinor: pricing.tipMinor, isAlways: false },
  ];
  return charges.filter(({ amountMinor, isAlways }) => isAlways || amountMinor !== 0);
}
