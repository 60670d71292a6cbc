import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { book } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { addCartItem } from '../../../src/modules/carts/carts.service.ts';
import { placeOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { paymentMethodOf } from '../../../src/modules/checkout/payment-method.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { now, setClock } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing, quoteFor } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function loggedTypes(orderId: string): Promise<string[]> {
  const rows = await OrderEventModel.find({ orderId }).sort({ seq: 1 }).lean();
  return rows.map(({ seq, type }) => `${seq} ${type}`);
}

async function timersOf(orderId: string): Promise<string[]> {
  return (await TimerModel.find().lean()).filter((row) => row.subjectId === orderId).map(({ kind }) => kind);
}

describe('an order that is paid in cash', () => {
  it('is placed at once: the kitchen’s time runs, nobody is charged, and the replay is equal', async () => {
    const actor = customerActor();
    const quote = await quoteFor(await createKitchen(), actor.userId);
    const intents = (await book(localCloud.stripeUrl)).intents.length;
    const idempotency = placing(actor.userId);
    const request = { quoteId: quote._id, paymentMethod: 'cash' as const, idempotency };
    const { answer } = await placeOrder(request, actor);
    expect(answer).toMatchObject({
      ...{ status: 'placed', version: 2, lastSeq: 2, paymentMethod: 'cash' },
      payment: { status: 'cod_due', clientSecret: null, amount: { amount: quote.pricing.totalMinor } },
    });
    expect(answer.placedAt).not.toBeNull();
    expect(await loggedTypes(answer.id)).toEqual(['1 order.created', '2 order.placed']);
    expect(await timersOf(answer.id)).toContain('order.accept');
    expect(await timersOf(answer.id)).not.toContain('order.pay');
    expect(await PaymentModel.findOne({ orderId: answer.id }).lean()).toMatchObject({
      method: 'cash',
      status: 'cod_due',
    });
    expect((await book(localCloud.stripeUrl)).intents).toHaveLength(intents);
    expect(await placeOrder(request, actor)).toEqual({ answer, isReplay: true });
  });

  it('is refused above the limit of its currency, and nothing is bought', async () => {
    const actor = customerActor();
    const kitchen = await createKitchen();
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor: config.money.cashLimits['INR'] });
    const { _id: quoteId } = await quoteFor(kitchen, actor.userId);
    const order = placeOrder({ quoteId, paymentMethod: 'cash', idempotency: placing(actor.userId) }, actor);
    await expect(order).rejects.toMatchObject({
      ...{ code: 'payment_method_unavailable', status: 422, details: { reason: 'over_limit' } },
    });
    expect(await OrderModel.countDocuments()).toBe(0);
    expect(await QuoteModel.findById(quoteId).lean()).toMatchObject({ usedAt: null, replacedBy: null });
  });
});

describe('an order that costs nothing', () => {
  it('is placed at once, whatever was to pay it with', async () => {
    const actor = customerActor();
    const free = { feeBands: [{ upToMeters: 8_000, feeMinor: 0 }], serviceFeeMinor: 0, minimumOrderMinor: 0 };
    const kitchen = await createKitchen(free);
    await MenuItemModel.updateOne({ _id: kitchen.lassi.id }, { priceMinor: 0 });
    const { restaurantId, lassi } = kitchen;
    await addCartItem({ restaurantId, itemId: lassi.id, quantity: 1, optionIds: [], replace: false }, actor.userId);
    const quote = await createQuote({ address: NEAR_HOME, tipMinor: 0 }, actor.userId);
    expect(quote.pricing.totalMinor).toBe(0);
    const { answer } = await placeOrder(
      { quoteId: quote._id, paymentMethod: 'card', idempotency: placing(actor.userId) },
      actor,
    );
    expect(answer).toMatchObject({ status: 'placed', paymentMethod: 'none', payment: { status: 'settled' } });
    expect(await PaymentModel.findOne({ orderId: answer.id }).lean()).toMatchObject({ method: 'none' });
  });
});

describe('paymentMethodOf', () => {
  const pricing = (totalMinor: number) => ({ totalMinor }) as never;
  const soon = { mode: 'delivery', slot: null, currency: 'INR' } as const;
  const limit = config.money.cashLimits['INR'] ?? 0;
  const slot = { startAt: now(), endAt: now() };

  it('takes cash up to exactly the limit', () => {
    expect(paymentMethodOf('cash', { ...soon, pricing: pricing(limit) })).toBe('cash');
  });

  it.each([
    ['one unit above it', { ...soon, pricing: pricing(limit + 1) }, 'over_limit'],
    ['in a currency without one', { ...soon, currency: 'USD', pricing: pricing(1) }, 'not_in_currency'],
    ['where no courier takes it', { ...soon, mode: 'collection' as const, pricing: pricing(1) }, 'collection'],
    ['for a slot', { ...soon, slot, pricing: pricing(1) }, 'scheduled'],
  ])('refuses cash %s', (_, order, reason) => {
    expect(() => paymentMethodOf('cash', order)).toThrow(expect.objectContaining({ details: { reason } }) as Error);
  });

  it.each(['card', 'cash'] as const)('needs no %s for nothing', (asked) => {
    expect(paymentMethodOf(asked, { ...soon, slot, pricing: pricing(0) })).toBe('none');
  });
});
