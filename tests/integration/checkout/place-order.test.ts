import { localCloud } from '../../setup/with-local-cloud.ts';
import fc from 'fast-check';
import mongoose, { type mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { book, clearFaults, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { metricsRegistry } from '../../../src/infra/observability/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { addCartItem, getCart } from '../../../src/modules/carts/carts.service.ts';
import type { PlacedOrderView } from '../../../src/modules/checkout/checkout.presenter.ts';
import { placeOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing, quoteFor } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function quoted() {
  const actor = customerActor();
  const kitchen = await createKitchen();
  const quote = await quoteFor(kitchen, actor.userId, 2_000);
  return { actor, kitchen, quote, userId: actor.userId };
}

/** How many rows the placement of orders has left, by collection. */
async function rowsLeft() {
  const [orders, events, payments, outbox, timers, keys] = await Promise.all([
    OrderModel.countDocuments(),
    OrderEventModel.countDocuments(),
    PaymentModel.countDocuments(),
    OutboxModel.countDocuments(),
    TimerModel.countDocuments(),
    QuoteModel.collection.countDocuments({ 'purchase.keyHash': { $gt: '' } }),
  ]);
  return { orders, events, payments, outbox, timers, keys };
}
const NOTHING = { orders: 0, events: 0, payments: 0, outbox: 0, timers: 0, keys: 0 };
const ONE_OF_EACH = { orders: 1, events: 1, payments: 1, outbox: 1, timers: 1, keys: 1 };

async function intentsOf(orderId: string) {
  const { intents } = await book(localCloud.stripeUrl);
  return intents.filter(({ metadata }) => metadata['orderId'] === orderId);
}

describe('placeOrder', () => {
  it('writes order, event, payment, outbox, timer and key, empties the cart, uses the quote, and has an intent', async () => {
    const { actor, quote, userId, kitchen } = await quoted();
    const { answer, isReplay } = await placeOrder(
      { quoteId: quote._id, notes: 'Ring', idempotency: placing(userId) },
      actor,
    );
    expect(isReplay).toBe(false);
    expect(answer).toMatchObject({
      status: 'pending_payment',
      customerId: userId,
      restaurantId: kitchen.restaurantId,
      notes: 'Ring',
      promisedAt: quote.eta.to.toISOString(),
      payment: { status: 'requires_payment', amount: { amount: quote.pricing.totalMinor, currency: 'INR' } },
    });
    expect(await rowsLeft()).toEqual(ONE_OF_EACH);
    expect(await getCart(userId)).toMatchObject({ restaurantId: null, lines: [], version: 3 });
    const stored = await OrderModel.findById(answer.id).lean();
    expect(stored).toMatchObject({ ownerId: kitchen.ownerId, quoteId: quote._id, eventSeq: 1, pricing: quote.pricing });
    expect(await QuoteModel.findById(quote._id).lean()).toMatchObject({ orderId: answer.id });
    const [intent, ...others] = await intentsOf(answer.id);
    expect(others).toEqual([]);
    expect(intent).toMatchObject({ amount: quote.pricing.totalMinor, currency: 'inr' });
    expect(answer.payment.clientSecret).toContain(intent?.id);
  });

  it('takes one command per collection in its transaction, and the commit; the key stands in the quote', async () => {
    const { actor, quote, userId } = await quoted();
    const commands: string[] = [];
    const remember = ({ command, commandName }: mongo.CommandStartedEvent): void => {
      if (command['autocommit'] === false) commands.push(`${commandName} ${String(command[commandName])}`);
    };
    const client = mongoose.connection.getClient();
    client.on('commandStarted', remember);
    await placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor);
    client.off('commandStarted', remember);
    expect(commands).toEqual([
      'update quotes',
      'insert orders',
      'insert order_events',
      'insert outbox',
      'update timers',
      'insert payments',
      'update carts',
      'commitTransaction 1',
    ]);
  });

  it('makes one order of twenty requests with one key, and answers all the same', async () => {
    const { actor, quote, userId } = await quoted();
    const idempotency = placing(userId);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => placeOrder({ quoteId: quote._id, idempotency }, actor)),
    );
    expect(results.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(results.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(results[0]?.answer.payment.clientSecret).not.toBeNull();
    expect(await rowsLeft()).toEqual(ONE_OF_EACH);
    expect(await intentsOf(results[0]?.answer.id ?? '')).toHaveLength(1);
  });

  it('sells a quote once to twenty requests with twenty keys', async () => {
    const { actor, quote, userId } = await quoted();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(19);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'quote_used', status: 409 });
    expect(await rowsLeft()).toEqual(ONE_OF_EACH);
  });

  it('lets one customer buy two quotes at once', async () => {
    const { actor, quote, userId, kitchen } = await quoted();
    const second = await quoteFor(kitchen, userId);
    const results = await Promise.all(
      [quote, second].map(({ _id }) => placeOrder({ quoteId: _id, idempotency: placing(userId) }, actor)),
    );
    expect(new Set(results.map(({ answer }) => answer.id)).size).toBe(2);
  });

  it('replays after the quote expired, the house closed and the item sold out', async () => {
    const { actor, quote, userId, kitchen } = await quoted();
    const idempotency = placing(userId);
    const first = await placeOrder({ quoteId: quote._id, idempotency }, actor);
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { status: 'suspended' });
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { isAvailable: false });
    setClock({ frozenAt: addMs(quote.expiresAt, 60_000) });
    const second = await placeOrder({ quoteId: quote._id, idempotency }, actor);
    expect(second.isReplay).toBe(true);
    expect(JSON.stringify(second.answer)).toBe(JSON.stringify(first.answer));
    const other = placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor);
    await expect(other).rejects.toMatchObject({ code: 'quote_used' });
  });

  it('refuses a key that comes again with another body, also when that quote could not be bought', async () => {
    const { actor, quote, userId } = await quoted();
    const idempotency = placing(userId);
    await placeOrder({ quoteId: quote._id, idempotency }, actor);
    const again = { ...idempotency, bodyHash: 'another' };
    const reused = placeOrder({ quoteId: newId(), idempotency: again }, actor);
    await expect(reused).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
  });

  it('keeps the same key of two customers apart', async () => {
    const [first, second] = await Promise.all([quoted(), quoted()]);
    const key = newId();
    const results = await Promise.all(
      [first, second].map(({ actor, quote, userId }) =>
        placeOrder({ quoteId: quote._id, idempotency: placing(userId, { key }) }, actor),
      ),
    );
    expect(results.map(({ isReplay }) => isReplay)).toEqual([false, false]);
  });

  it('leaves the key free after a refusal, so that the next try may succeed', async () => {
    const { actor, quote, userId, kitchen } = await quoted();
    const idempotency = placing(userId);
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { pausedUntil: addMs(now(), 60_000) });
    const refused = placeOrder({ quoteId: quote._id, idempotency }, actor);
    await expect(refused).rejects.toMatchObject({ code: 'restaurant_unavailable', details: { reason: 'paused' } });
    expect(await rowsLeft()).toEqual(NOTHING);
    await RestaurantModel.updateOne({ _id: kitchen.restaurantId }, { pausedUntil: null });
    expect((await placeOrder({ quoteId: quote._id, idempotency }, actor)).isReplay).toBe(false);
  });

  it('answers without a client secret while the provider is silent, and the replay has it', async () => {
    const { actor, quote, userId } = await quoted();
    const idempotency = placing(userId);
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'fail_before', times: 100 }] });
    const first = await placeOrder({ quoteId: quote._id, idempotency }, actor);
    expect(first.answer.payment.clientSecret).toBeNull();
    await clearFaults(localCloud.stripeUrl);
    const second = await placeOrder({ quoteId: quote._id, idempotency }, actor);
    expect(second.answer.payment.clientSecret).not.toBeNull();
    expect(await intentsOf(first.answer.id)).toHaveLength(1);
  });
});

describe('a quote that buys nothing', () => {
  it('of somebody else', async () => {
    const { quote } = await quoted();
    const stranger = customerActor();
    const order = placeOrder({ quoteId: quote._id, idempotency: placing(stranger.userId) }, stranger);
    await expect(order).rejects.toMatchObject({ code: 'not_found' });
    expect(await rowsLeft()).toEqual(NOTHING);
  });

  it('lives until the millisecond of its expiry, and no longer', async () => {
    const { actor, quote, userId } = await quoted();
    setClock({ frozenAt: quote.expiresAt });
    const late = placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor);
    await expect(late).rejects.toMatchObject({ code: 'quote_expired', status: 422 });
    setClock({ frozenAt: addMs(quote.expiresAt, -1) });
    expect((await placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor)).isReplay).toBe(false);
  });

  it.each([
    ['the total', { 'pricing.totalMinor': 1 }],
    ['the price of a line', { 'items.0.unitPriceMinor': 1 }],
    ['the expiry', { expiresAt: addMs(now(), 86_400_000) }],
    ['the restaurant', { restaurantId: newId() }],
  ])('in which %s was changed behind our back, with an alarm', async (_, change) => {
    const { actor, quote, userId } = await quoted();
    await QuoteModel.collection.updateOne({ _id: quote._id as never }, { $set: change });
    const alarmsBefore = await alarms();
    const order = placeOrder({ quoteId: quote._id, idempotency: placing(userId) }, actor);
    await expect(order).rejects.toMatchObject({ code: 'quote_invalid', logLevel: 'error' });
    expect(await alarms()).toBe(alarmsBefore + 1);
    expect(await rowsLeft()).toEqual(NOTHING);
  });

  it('whose only item has sold out since', async () => {
    const actor = customerActor();
    const { restaurantId, biryani } = await createKitchen();
    const line = { restaurantId, itemId: biryani.id, quantity: 1, optionIds: [biryani.large], replace: false };
    await addCartItem(line, actor.userId);
    const quote = await createQuote({ address: NEAR_HOME, tipMinor: 0 }, actor.userId);
    await MenuItemModel.updateOne({ _id: biryani.id }, { isAvailable: false });
    const order = placeOrder({ quoteId: quote._id, idempotency: placing(actor.userId) }, actor);
    await expect(order).rejects.toMatchObject({
      code: 'item_unavailable',
      details: [{ path: 'lines.0.itemId', code: 'sold_out' }],
    });
    expect((await getCart(actor.userId)).lines).toHaveLength(1);
    expect(await QuoteModel.countDocuments()).toBe(1);
  });
});

describe('the total', () => {
  const drawnCart = fc.record({
    biryanis: fc.integer({ min: 1, max: 50 }),
    lassis: fc.integer({ min: 1, max: 50 }),
    isLarge: fc.boolean(),
    tipMinor: fc.integer({ min: 0, max: 100_000 }),
  });

  it('is one figure in quote, order, payment and at the provider, and the sum of its parts', async () => {
    const { restaurantId, biryani, lassi } = await createKitchen();
    await fc.assert(
      fc.asyncProperty(drawnCart, async ({ biryanis, lassis, isLarge, tipMinor }) => {
        const actor = customerActor();
        const line = { restaurantId, replace: false };
        const optionIds = [isLarge ? biryani.large : biryani.small];
        await addCartItem({ ...line, itemId: biryani.id, quantity: biryanis, optionIds }, actor.userId);
        await addCartItem({ ...line, itemId: lassi.id, quantity: lassis, optionIds: [] }, actor.userId);
        const { _id, pricing } = await createQuote({ address: NEAR_HOME, tipMinor }, actor.userId);
        const { answer } = await placeOrder({ quoteId: _id, idempotency: placing(actor.userId) }, actor);
        const itemsMinor = answer.items.reduce((sum, { lineTotal }) => sum + lineTotal.amount, 0);
        expect(itemsMinor).toBe((isLarge ? 30_900 : 24_900) * biryanis + 6_050 * lassis);
        expect(await figuresOf(answer)).toEqual(Array.from({ length: 5 }, () => pricing.totalMinor));
      }),
      { numRuns: 15 },
    );
  });
});

/** The total wherever it stands, and once more as the sum of its parts. */
async function figuresOf({ id, pricing, payment }: PlacedOrderView): Promise<unknown[]> {
  if (pricing === null) throw new Error('the customer sees the bill');
  const parts = [pricing.items, pricing.deliveryFee, pricing.serviceFee, pricing.tax, pricing.tip];
  const sum = parts.reduce((total, { amount }) => total + amount, 0);
  const [intent] = await intentsOf(id);
  const stored = await PaymentModel.findById(payment.id).lean();
  return [sum, pricing.total.amount, payment.amount.amount, stored?.amountMinor, intent?.amount];
}

async function alarms(): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_quotes_tampered_total')?.get();
  return metric?.values[0]?.value ?? 0;
}
