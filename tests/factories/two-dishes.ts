import type { NewOrder } from '../../src/modules/orders/index.ts';
import { priceOrder } from '../../src/modules/pricing/index.ts';
import { newId } from '../../src/shared/ids.ts';

export const [SOUP, RICE] = [newId(), newId()];

/** Two soups of 100.00 and a rice of 50.00, five percent of tax, delivery 25.00: 287.50. */
export function twoDishes(): Pick<NewOrder, 'items' | 'pricing'> {
  const line = { unitPriceMinor: 10_000, optionPricesMinor: [], taxCategory: 'food' };
  const pricing = priceOrder({
    ...{ currency: 'INR', taxRates: { food: 500 }, pricesIncludeTax: false, distanceMeters: 2_552 },
    lines: [
      { ...line, id: SOUP, quantity: 2 },
      { ...line, id: RICE, quantity: 1, unitPriceMinor: 5_000 },
    ],
    feeTable: { bands: [{ upToMeters: 10_000, feeMinor: 2_500 }], freeDeliveryOverMinor: null },
  });
  const item = { itemId: newId(), options: [] };
  const items = [
    { ...item, lineId: SOUP, name: 'Soup', quantity: 2, unitPriceMinor: 10_000, lineTotalMinor: 20_000 },
    { ...item, itemId: newId(), lineId: RICE, name: 'Rice', quantity: 1, unitPriceMinor: 5_000, lineTotalMinor: 5_000 },
  ];
  return { items, pricing };
}
