import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { priceOrder, type PricingInput } from '../../src/modules/pricing/index.ts';
import type { TaxRegistration } from '../../src/modules/restaurants/index.ts';
import type { BilledOrder } from '../../src/modules/reports/papers/bill.ts';
import { idFrom, newId } from '../../src/shared/ids.ts';
import { taxPartsOf } from '../../src/shared/tax-parts.ts';
import { buildDeliveredOrder } from './delivered-order.ts';

type Place = Pick<PricingInput, 'currency' | 'pricesIncludeTax' | 'taxRates'> & {
  timeZone: string;
  name: string;
  taxRegistration?: TaxRegistration;
};

const INDIA = { food: 500, beverage: 1_200, delivery: 1_800, service: 1_800, packaging: 1_200 };
const WHARF = {
  ...{ legalName: 'Wharf Foods LLP', addressLine: '1 Counting House, Saffron Bay 990001' },
  ...{ country: 'IN', number: '30ZZZFZ0123Z1Z0' },
};
const INCLUSIVE = {
  ...{ currency: 'INR', pricesIncludeTax: true, taxRates: INDIA, timeZone: 'Asia/Kolkata', taxRegistration: WHARF },
};

export const PLACES = {
  'Saffron Bay, tax added': { ...INCLUSIVE, pricesIncludeTax: false, name: 'Biryani Wharf' },
  'Saffron Bay, tax included': { ...INCLUSIVE, name: 'Biryani Wharf' },
  'Port Clement': {
    ...{ currency: 'EUR', pricesIncludeTax: true, timeZone: 'Europe/Paris', name: 'Crêperie de l’Écluse' },
    taxRates: { food: 1_000, beverage: 550, delivery: 2_000, service: 2_000 },
    taxRegistration: {
      ...{ legalName: 'Écluse SARL', addressLine: '2 quai du Port, 99001 Port Clement' },
      ...{ country: 'FR', number: 'FR66000000018' },
    },
  },
  'a place of yen': {
    ...{ currency: 'JPY', pricesIncludeTax: true, timeZone: 'Asia/Tokyo', name: 'Umi' },
    taxRates: { food: 800, beverage: 800, delivery: 1_000, service: 1_000 },
  },
  'a place of dinars': {
    ...{ currency: 'KWD', pricesIncludeTax: false, timeZone: 'Asia/Kuwait', name: 'Marsa' },
    taxRates: { food: 500, beverage: 500 },
  },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;

/** A delivered order with every kind of charge, priced as the place prices. Two decimals make 8.75 of 875. */
export function buildBilledOrder(place: PlaceName, names: readonly string[] = ['Vegetable biryani', 'Lassi']) {
  const { timeZone, name, taxRegistration, ...terms }: Place = PLACES[place];
  const order = buildDeliveredOrder({ currency: terms.currency });
  const lines = names.map((_, n) => ({
    ...{ id: idFrom('billed line', n), quantity: n + 1, unitPriceMinor: 124_875 + 1_001 * n },
    ...{ optionPricesMinor: [], taxCategory: n % 2 === 0 ? 'food' : 'beverage' },
  }));
  const pricing = priceOrder({
    ...{ ...terms, lines, distanceMeters: 1_500, serviceFeeMinor: 917, packagingFeeMinor: 733, tipMinor: 2_009 },
    ...{ feeTable: { bands: [{ upToMeters: 9_000, feeMinor: 4_519 }], freeDeliveryOverMinor: null } },
    taxParts: taxPartsOf(timeZone),
    smallOrderFee: { belowMinor: 10_000_000, feeMinor: 1_103 },
    discount: { kind: 'percentage', value: 1_000, maxDiscountMinor: null, lineIds: null },
  });
  const items = lines.map(({ id, quantity, unitPriceMinor }, n) => ({
    ...{ lineId: id, itemId: newId(), name: names[n] ?? '', quantity, unitPriceMinor },
    options: n === 0 ? (order.items[0]?.options ?? []) : [],
    lineTotalMinor: quantity * unitPriceMinor,
  }));
  const restaurant = { ...order.restaurant, name, timeZone, taxRegistration: taxRegistration ?? null };
  const amountDueMinor = pricing.totalMinor;
  return { ...order, items, pricing, restaurant, amountDueMinor } satisfies OrderRecord as OrderRecord & BilledOrder;
}
