import { allocate } from '../../../shared/money.ts';
import type { OrderRecord } from '../../orders/index.ts';
import { priceOrder, type Breakdown } from '../../pricing/index.ts';
import { categoryName, type BilledOrder } from './bill.ts';
import { styleOf } from './style.ts';

const RECEIVED = ['delivered', 'collected'];
/** These may end with something due. */
const ENDED_AT_A_COST = ['cancelled', 'no_show', 'failed'];

/**
 * An order as its documents show it; null: it has none. Received, or ended with something due from a card (cash is handed over at the
 * door or not at all). Due in full is the bill as it was agreed: the food was there to be had. Less is a fee for what the kitchen had
 * begun with, and is taxed like it (Court of Justice, C-295/17 MEO; CBIC Circular 178/10/2022): dishes and packaging as agreed, or, of
 * a fee that the office set, their share in it, tax included. Pure.
 */
export function findBill(order: OrderRecord): (OrderRecord & BilledOrder) | null {
  const { status, endedAt, amountDueMinor, pricing } = order;
  if (endedAt === null) return null;
  if (RECEIVED.includes(status)) return { ...order, endedAt };
  const isCharged = ENDED_AT_A_COST.includes(status) && amountDueMinor > 0 && order.paymentMethod === 'card';
  if (!isCharged) return null;
  if (amountDueMinor === pricing.totalMinor) return { ...order, endedAt };
  const food = foodOnly(pricing);
  return { ...order, endedAt, ...(food.totalMinor === amountDueMinor ? { pricing: food } : feeOf(order, food)) };
}

/** What `cancellation.policy.ts` charges for: nobody has driven, and nobody is served. */
function foodOnly(pricing: Breakdown): Breakdown {
  const { lines, packagingFeeMinor, pricesIncludeTax, feeTaxMinor } = pricing;
  const taxes = pricing.taxes.filter(({ category }) => !['delivery', 'service'].includes(category));
  const packagingMinor = packagingFeeMinor + (pricesIncludeTax ? 0 : feeTaxMinor.packaging);
  return {
    ...pricing,
    ...{ deliveryFeeMinor: 0, deliveryDiscountMinor: 0, serviceFeeMinor: 0, smallOrderFeeMinor: 0, tipMinor: 0 },
    feeTaxMinor: { delivery: 0, service: 0, smallOrder: 0, packaging: feeTaxMinor.packaging },
    ...{ taxes, taxMinor: taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0) },
    totalMinor: lines.reduce((sum, { totalMinor }) => sum + totalMinor, packagingMinor),
  };
}

/** One line per category of tax. */
function feeOf(order: OrderRecord, food: Breakdown): Pick<BilledOrder, 'items' | 'pricing'> {
  const { amountDueMinor, currency, restaurant } = order;
  const style = styleOf({ timeZone: restaurant.timeZone, currency });
  const weights = new Map<string, number>();
  for (const { taxCategory, totalMinor } of food.lines) {
    weights.set(taxCategory, (weights.get(taxCategory) ?? 0) + totalMinor);
  }
  const categories = [...weights.keys()].sort();
  const shares = allocate(
    amountDueMinor,
    categories.map((category) => weights.get(category) ?? 0),
  );
  const lines = categories.map((id, index) => ({
    ...{ id, unitPriceMinor: shares[index] ?? 0, optionPricesMinor: [], quantity: 1, taxCategory: id },
  }));
  const { taxRates, taxParts } = food;
  const terms = { currency, lines, distanceMeters: 0, feeTable: null, taxRates, taxParts, pricesIncludeTax: true };
  return {
    pricing: priceOrder(terms),
    items: lines.map(({ id, unitPriceMinor }) => ({
      ...{ lineId: id, itemId: id, quantity: 1, unitPriceMinor, lineTotalMinor: unitPriceMinor, options: [] },
      name: `${style.texts.cancellationFee} · ${categoryName(id, style)}`,
    })),
  };
}
