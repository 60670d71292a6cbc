import { localCloud } from '../../setup/with-local-cloud.ts';
import mongoose, { type mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { book } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { addCartItem, getCart } from '../../../src/modules/carts/carts.service.ts';
import { placeOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { boughtQuery } from '../../../src/modules/checkout/purchase.service.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, setClock } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing, quoteFor } from '../../support/checkout.ts';
import { summarizePlan } from '../../support/explain.ts';
import { createKitchen } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function quoted() {
  const actor = customerActor();
  const kitchen = await createKitchen();
  const quote = await quoteFor(kitchen, actor.userId);
  const buy = (quoteId = quote._id) => placeOrder({ quoteId, idempotency: placing(actor.userId) }, actor);
  const priceLassi = (priceMinor: number) => MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor });
  return { actor, kitchen, quote, buy, priceLassi };
}

interface Stale {
  changes: { path: string; before: unknown; after: unknown }[];
  quote: { id: string; pricing: { total: { amount: number } } };
}

async function staleOf(order: Promise<unknown>): Promise<Stale> {
  const error = await order.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error, 'quote_stale')) throw new Error('the quote was not stale', { cause: error });
  return error.details as unknown as Stale;
}

describe('a quote whose dish has become dearer', () => {
  it('buys nothing and charges nothing; its customer gets the differences and a new quote, which buys', async () => {
    const { actor, quote, buy, priceLassi } = await quoted();
    const intents = (await book(localCloud.stripeUrl)).intents.length;
    await priceLassi(7_050);
    const { changes, quote: next } = await staleOf(buy());
    expect(changes).toContainEqual({ path: 'items.1.unitPrice.amount', before: 6_050, after: 7_050 });
    // A thousand, and twelve per cent.
    expect(next.pricing.total.amount - quote.pricing.totalMinor).toBe(1_120);
    expect(await OrderModel.countDocuments()).toBe(0);
    expect((await book(localCloud.stripeUrl)).intents).toHaveLength(intents);
    expect((await getCart(actor.userId)).lines).toHaveLength(2);
    expect(await QuoteModel.findById(quote._id).lean()).toMatchObject({ usedAt: null, replacedBy: next.id });
    const { answer } = await buy(next.id);
    expect(answer.payment.amount.amount).toBe(next.pricing.total.amount);
  });

  it('is worth nothing any more, also when the price comes back, and says again which one took its place', async () => {
    const { buy, priceLassi } = await quoted();
    await priceLassi(7_050);
    const first = await staleOf(buy());
    await priceLassi(6_050);
    expect(await staleOf(buy())).toEqual(first);
    // The new one has become stale in its turn.
    const second = await staleOf(buy(first.quote.id));
    expect(second.quote.id).not.toBe(first.quote.id);
    expect((await staleOf(buy())).quote.id).toBe(second.quote.id);
    await buy(second.quote.id);
    await expect(buy()).rejects.toMatchObject({ code: 'quote_used' });
  });

  it('gets one new quote, however many find it stale at once', async () => {
    const { buy, priceLassi } = await quoted();
    await priceLassi(7_050);
    const answers = await Promise.all(Array.from({ length: 10 }, () => staleOf(buy())));
    expect(new Set(answers.map(({ quote }) => quote.id)).size).toBe(1);
    expect(await QuoteModel.countDocuments()).toBe(2);
  });

  it('has expired first, when its ten minutes are over', async () => {
    const { quote, buy, priceLassi } = await quoted();
    await priceLassi(7_050);
    setClock({ frozenAt: addMs(quote.expiresAt, 1) });
    await expect(buy()).rejects.toMatchObject({ code: 'quote_expired' });
    expect(await QuoteModel.countDocuments()).toBe(1);
  });
});

describe('a quote whose kitchen has become slower', () => {
  it('is stale, and the new one promises what can be kept', async () => {
    const { kitchen, quote, buy } = await quoted();
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { $inc: { prepMinutes: 30 } });
    const { changes, quote: next } = await staleOf(buy());
    expect(changes.map(({ path }) => path)).toEqual(['eta.from', 'eta.to']);
    expect(changes[1]?.before).toBe(quote.eta.to.toISOString());
    const { answer } = await buy(next.id);
    expect(Date.parse(answer.promisedAt)).toBeGreaterThan(addMs(quote.eta.to, 25 * 60_000).getTime());
  });

  it('still buys where it has become quicker, or where only the clock has gone on', async () => {
    const { kitchen, quote, buy } = await quoted();
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { $inc: { prepMinutes: -5 } });
    setClock({ frozenAt: addMs(quote.createdAt, 9 * 60_000) });
    expect((await buy()).answer.promisedAt).toBe(quote.eta.to.toISOString());
  });
});

it('a dish that was put into the cart after the quote stays there', async () => {
  const { actor, kitchen, buy } = await quoted();
  const { restaurantId, lassi } = kitchen;
  await addCartItem({ restaurantId, itemId: lassi.id, quantity: 1, optionIds: [], replace: false }, actor.userId);
  const { answer } = await buy();
  expect(answer.items).toHaveLength(2);
  expect((await getCart(actor.userId)).lines).toMatchObject([{ itemId: lassi.id, quantity: 1 }]);
});

it('a dish that is gone leaves a quote for the rest', async () => {
  const { kitchen, buy } = await quoted();
  await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { isAvailable: false });
  const { changes, quote } = await staleOf(buy());
  expect(changes[0]).toEqual({ path: 'items.1', before: 'Lassi', after: null });
  const { answer } = await buy(quote.id);
  expect(answer.items.map(({ name }) => name)).toEqual(['Vegetable biryani']);
});

it('whether a quote still holds is asked by no query of its own', async () => {
  const { buy } = await quoted();
  const commands: string[] = [];
  const remember = ({ command, commandName }: mongo.CommandStartedEvent): void => {
    const isRead = commandName === 'find' || commandName === 'aggregate';
    if (isRead && command['autocommit'] !== false) commands.push(String(command[commandName]));
  };
  const client = mongoose.connection.getClient();
  client.on('commandStarted', remember);
  await buy();
  client.off('commandStarted', remember);
  expect(commands.sort()).toEqual(['menu_categories', 'menu_items', 'quotes', 'restaurants']);
});

it('the quote that a key has bought is found by its index', async () => {
  const { actor, quote } = await quoted();
  const idempotency = placing(actor.userId);
  await placeOrder({ quoteId: quote._id, idempotency }, actor);
  const { purchase } = (await QuoteModel.findById(quote._id).lean()) ?? {};
  const plan = summarizePlan(await boughtQuery(purchase?.keyHash ?? '').explain('executionStats'));
  expect(new Set(plan.indexes)).toEqual(new Set(['purchase.keyHash_1']));
  expect(plan.docsExamined).toBe(1);
});
