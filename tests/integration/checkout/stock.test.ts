import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { addCartItem, getPricedCart } from '../../../src/modules/carts/carts.service.ts';
import { commitOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { releaseReservations } from '../../../src/modules/checkout/reservations.service.ts';
import { setItemStock } from '../../../src/modules/menu/editing/availability.service.ts';
import { MenuItemModel, type MenuItemRow } from '../../../src/modules/menu/menu-item.model.ts';
import { StockClaimModel } from '../../../src/modules/menu/stock/stock-claim.model.ts';
import { returnStock } from '../../../src/modules/menu/stock/stock.service.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME, type Kitchen } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** A kitchen with so many lassis left. */
async function counted(stock: number): Promise<Kitchen> {
  const kitchen = await createKitchen({ minimumOrderMinor: 0 });
  await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { $set: { stock } });
  return kitchen;
}

async function stockOf({ lassi }: Kitchen): Promise<number | null | undefined> {
  return (await MenuItemModel.findById(lassi.id).lean<MenuItemRow>())?.stock;
}

async function quoteOf(
  { restaurantId, lassi }: Kitchen,
  quantities: number[],
): Promise<{ actor: Actor; quoteId: string }> {
  const actor = customerActor();
  for (const quantity of quantities) {
    await addCartItem({ restaurantId, itemId: lassi.id, quantity, optionIds: [], replace: false }, actor.userId);
  }
  const { _id: quoteId } = await createQuote({ address: NEAR_HOME, tipMinor: 0 }, actor.userId);
  return { actor, quoteId };
}

async function order({ actor, quoteId }: { actor: Actor; quoteId: string }): Promise<string> {
  const { answer } = await commitOrder({ quoteId, idempotency: placing(actor.userId) }, actor);
  return answer.id;
}

describe('stock', () => {
  it('sells exactly ten of ten pieces to fifty orders at once', async () => {
    const kitchen = await counted(10);
    const quotes = await Promise.all(Array.from({ length: 50 }, () => quoteOf(kitchen, [1])));
    const results = await Promise.allSettled(quotes.map(order));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refusals.filter((error) => !isAppError(error, 'out_of_stock'))).toEqual([]);
    expect(await stockOf(kitchen)).toBe(0);
    expect(await OrderModel.countDocuments()).toBe(10);
    expect(await StockClaimModel.countDocuments()).toBe(10);
  }, 60_000);

  it('counts all lines of a dish together, and names them', async () => {
    const kitchen = await counted(5);
    const { actor, quoteId } = await quoteOf(kitchen, [2, 3]);
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { $set: { stock: 4 } });
    await expect(order({ actor, quoteId })).rejects.toMatchObject({
      code: 'out_of_stock',
      details: [{ path: 'lines.0.quantity' }, { path: 'lines.1.quantity' }],
    });
    expect(await stockOf(kitchen)).toBe(4);
    const { lines } = await getPricedCart(actor.userId);
    expect(lines.map(({ problems }) => problems[0]?.code)).toEqual(['out_of_stock', 'out_of_stock']);
  });

  it('comes back once when the order ends before anybody accepts it, however often that is said', async () => {
    const kitchen = await counted(5);
    const orderId = await order(await quoteOf(kitchen, [2, 1]));
    expect(await stockOf(kitchen)).toBe(2);
    await releaseReservations(orderId);
    expect(await stockOf(kitchen)).toBe(2);
    await OrderModel.updateOne({ _id: orderId }, { $set: { status: 'cancelled' } });
    await Promise.all([releaseReservations(orderId), releaseReservations(orderId), returnStock(orderId)]);
    expect(await stockOf(kitchen)).toBe(5);
    await releaseReservations(orderId);
    expect(await stockOf(kitchen)).toBe(5);
  });

  it('does not come back when the kitchen refuses because it is sold out: the count was wrong', async () => {
    const kitchen = await counted(5);
    const refused = async (reason: string) => {
      const orderId = await order(await quoteOf(kitchen, [2]));
      await OrderModel.updateOne({ _id: orderId }, { $set: { status: 'rejected', reason } });
      await releaseReservations(orderId);
      return stockOf(kitchen);
    };
    expect(await refused('item_sold_out')).toBe(3);
    expect(await refused('too_busy')).toBe(3);
  });

  it('does not come back to a dish that is counted no longer', async () => {
    const kitchen = await counted(5);
    const orderId = await order(await quoteOf(kitchen, [2]));
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { $set: { stock: null } });
    await returnStock(orderId);
    expect(await stockOf(kitchen)).toBeNull();
  });

  it('costs an order of dishes that nobody counts no row', async () => {
    const kitchen = await createKitchen({ minimumOrderMinor: 0 });
    await order(await quoteOf(kitchen, [3]));
    expect(await StockClaimModel.countDocuments()).toBe(0);
  });

  it('is corrected without overwriting what is sold meanwhile, and never below zero', async () => {
    const kitchen = await counted(20);
    const owner = { ...customerActor(kitchen.ownerId), roles: ['restaurant' as const] };
    const quotes = await Promise.all(Array.from({ length: 5 }, () => quoteOf(kitchen, [2])));
    const corrections = Array.from({ length: 5 }, () => setItemStock({ itemId: kitchen.lassi.id, change: -1 }, owner));
    await Promise.all([...quotes.map(order), ...corrections]);
    expect(await stockOf(kitchen)).toBe(5);
    await expect(setItemStock({ itemId: kitchen.lassi.id, change: -6 }, owner)).rejects.toMatchObject({
      code: 'stock_out_of_bounds',
    });
    expect((await setItemStock({ itemId: kitchen.lassi.id, count: null }, owner)).stock).toBeNull();
  });
});
