import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amendOrder, withoutSubstitutes } from '../../../src/modules/orders/amendments/amend-order.ts';
import type { AmendmentChange } from '../../../src/modules/orders/amendments/amendment.model.ts';
import type { OrderItem } from '../../../src/modules/orders/index.ts';
import { priceOrder } from '../../../src/modules/pricing/index.ts';
import { idFrom } from '../../../src/shared/ids.ts';

const lineOf = (index: number) => idFrom('line', index);

const agreed = fc
  .record({
    prices: fc.array(
      fc.record({ price: fc.integer({ min: 0, max: 50_000 }), quantity: fc.integer({ min: 1, max: 5 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    pricesIncludeTax: fc.boolean(),
    packagingFeeMinor: fc.integer({ min: 0, max: 2_000 }),
    tipMinor: fc.integer({ min: 0, max: 5_000 }),
  })
  .map(({ prices, ...input }) => {
    const items = prices.map<OrderItem>(({ price, quantity }, index) => ({
      ...{ lineId: lineOf(index), itemId: idFrom('item', index), name: `Dish ${index}`, quantity, options: [] },
      ...{ unitPriceMinor: price, lineTotalMinor: price * quantity },
    }));
    const pricing = priceOrder({
      ...input,
      ...{ currency: 'INR', distanceMeters: 1_000, taxRates: { food: 500, alcohol: 2_000 } },
      feeTable: { bands: [{ upToMeters: 5_000, feeMinor: 2_500 }], freeDeliveryOverMinor: null },
      lines: items.map(({ lineId: id, unitPriceMinor, quantity }) => ({
        ...{ id, unitPriceMinor, quantity, optionPricesMinor: [], taxCategory: 'food' },
      })),
    });
    return { items, pricing };
  });

interface Wish {
  kind: 'keep' | 'remove' | 'reduce' | 'substitute';
  price: number;
  quantity: number;
}

const wishes = fc.array(
  fc.record<Wish>({
    kind: fc.constantFrom('keep', 'remove', 'reduce', 'substitute'),
    price: fc.integer({ min: 0, max: 100_000 }),
    quantity: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 5, maxLength: 5 },
);

function changeOf(item: OrderItem, wish: Wish | undefined, index: number): AmendmentChange[] {
  const line = { lineId: item.lineId, isSoldOut: false };
  if (wish === undefined || wish.kind === 'keep') return [];
  if (wish.kind === 'remove') return [{ ...line, kind: 'remove' }];
  if (wish.kind === 'reduce')
    return item.quantity < 2 ? [] : [{ ...line, kind: 'reduce', quantity: item.quantity - 1 }];
  const { price: unitPriceMinor, quantity } = wish;
  const dish = { lineId: idFrom('substitute', index), itemId: idFrom('item', 99), name: 'Curry', options: [] };
  return [{ ...line, kind: 'substitute', substitute: { ...dish, unitPriceMinor, quantity, taxCategory: 'alcohol' } }];
}

describe('amendOrder', () => {
  it('of any order by any changes never makes it dearer, and prices what stands in it', () => {
    fc.assert(
      fc.property(agreed, wishes, (order, wanted) => {
        const changes = order.items.flatMap((item, index) => changeOf(item, wanted[index], index));
        for (const taken of [changes, withoutSubstitutes(changes)]) {
          const amended = amendOrder(order, taken);
          const removed = taken.filter(({ kind }) => kind === 'remove').length;
          expect(amended === null).toBe(removed === order.items.length);
          if (amended === null) continue;
          expect(amended.pricing.totalMinor).toBeLessThanOrEqual(order.pricing.totalMinor);
          expect(amended.pricing.tipMinor).toBe(order.pricing.tipMinor);
          const shown = amended.items.map(({ lineId, quantity, lineTotalMinor }) => [lineId, quantity, lineTotalMinor]);
          const priced = amended.pricing.lines.map(({ id, quantity, subtotalMinor }) => [id, quantity, subtotalMinor]);
          expect(shown).toEqual(priced);
        }
      }),
    );
  });

  it('by nothing is the same order', () => {
    fc.assert(
      fc.property(agreed, (order) => {
        expect(amendOrder(order, [])).toEqual(order);
      }),
    );
  });
});
