import { trusted } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { addCartItem } from '../../../src/modules/carts/carts.service.ts';
import { commitOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { releaseReservations } from '../../../src/modules/checkout/reservations.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { StockClaimModel } from '../../../src/modules/menu/stock/stock-claim.model.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import { respondToAmendment } from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import type { WantedChange } from '../../../src/modules/orders/amendments/wanted-changes.service.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { markOrderPaid, settleUnanswered, type OrderRecord } from '../../../src/modules/orders/index.ts';
import { acceptOrder, rejectOrder } from '../../../src/modules/orders/orders.service.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { createMenuItem } from '../../factories/menu-item.ts';
import { getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { customerActor, placing } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** Five lassis, so many teas, and somebody who has ordered two of the lassis. */
async function scene({ teas = 3, isAccepted = true } = {}) {
  const { restaurantId, ownerId, lassi } = await createKitchen({ minimumOrderMinor: 0 });
  await MenuItemModel.updateOne({ _id: lassi.id }, { $set: { stock: 5 } });
  const tea = (await createMenuItem({ restaurantId, name: 'Tea', priceMinor: 5_000, stock: teas }))._id;
  const customer = customerActor();
  const orderId = await buy(await quoteFor(customer, { restaurantId, itemId: lassi.id, quantity: 2 }));
  await withTransaction((tx) => markOrderPaid(tx, orderId));
  const owner = ownerActor({ ownerId });
  if (isAccepted) await acceptOrder({ orderId, prepMinutes: 20, idempotency: idempotent(owner, 'acceptOrder') }, owner);
  const order = await getStoredOrder(orderId);
  const propose = async (change: Partial<WantedChange> & { kind: WantedChange['kind'] }) => {
    const lineId = order.items[0]?.lineId ?? '';
    const changes = [{ lineId, isSoldOut: false, optionIds: [], ...change } as WantedChange];
    return (await proposeAmendment({ orderId, changes }, owner)).amendments[0]?._id ?? '';
  };
  const respond = (amendmentId: string, answer: 'accepted' | 'declined' | 'cancelled_order') =>
    respondToAmendment({ orderId, amendmentId, answer }, customer);
  const left = async () => {
    const rows = await MenuItemModel.find({ _id: trusted({ $in: [lassi.id, tea] }) }).lean();
    return Object.fromEntries(rows.map(({ name, stock }) => [name, stock]));
  };
  const held = async () => (await StockClaimModel.findById(orderId).lean())?.items ?? [];
  return { restaurantId, orderId, owner, customer, lassi: lassi.id, tea, propose, respond, left, held };
}

type Customer = ReturnType<typeof customerActor>;

async function quoteFor(customer: Customer, line: { restaurantId: string; itemId: string; quantity: number }) {
  await addCartItem({ ...line, optionIds: [], replace: false }, customer.userId);
  const { _id: quoteId } = await createQuote({ address: NEAR_HOME, tipMinor: 0 }, customer.userId);
  return { customer, quoteId };
}

async function buy({ customer, quoteId }: { customer: Customer; quoteId: string }): Promise<string> {
  return (await commitOrder({ quoteId, idempotency: placing(customer.userId) }, customer)).answer.id;
}

async function told(orderId: string): Promise<OrderRecord> {
  await Promise.all([releaseReservations(orderId), releaseReservations(orderId)]);
  return getStoredOrder(orderId);
}

describe('a substitute that is counted', () => {
  it('is held while the customer is asked, and taken when they agree; what it replaces goes back', async () => {
    const { lassi, tea, propose, respond, left, held } = await scene();
    const amendmentId = await propose({ kind: 'substitute', itemId: tea });
    expect(await left()).toEqual({ Lassi: 3, Tea: 1 });
    expect(await held()).toEqual(expect.arrayContaining([lassi, tea].map((itemId) => ({ itemId, quantity: 2 }))));
    await respond(amendmentId, 'accepted');
    expect(await left()).toEqual({ Lassi: 5, Tea: 1 });
    expect(await held()).toEqual([{ itemId: tea, quantity: 2 }]);
  });

  it('goes back when it is declined, with what had been ordered', async () => {
    const { orderId, tea, propose, respond, left } = await scene();
    await respond(await propose({ kind: 'substitute', itemId: tea, quantity: 1 }), 'declined');
    expect((await told(orderId)).status).toBe('cancelled');
    // The only line is gone, and the kitchen had begun with it.
    expect(await left()).toEqual({ Lassi: 3, Tea: 3 });
  });

  it('is taken when nobody answers who wants the best match, once however often that is said', async () => {
    const { tea, propose, left } = await scene({ isAccepted: false });
    const amendmentId = await propose({ kind: 'substitute', itemId: tea });
    await Promise.all([settleUnanswered(amendmentId), settleUnanswered(amendmentId)]);
    expect(await left()).toEqual({ Lassi: 5, Tea: 1 });
  });

  it('goes back when the order ends while the customer is asked, whether the kitchen had begun or not', async () => {
    const begun = await scene();
    await begun.propose({ kind: 'substitute', itemId: begun.tea });
    const { customer, orderId, owner } = begun;
    await cancelOrder({ orderId, idempotency: idempotent(customer, 'cancelOrder') }, customer);
    await told(orderId);
    expect(await begun.left()).toEqual({ Lassi: 3, Tea: 3 });
    const refused = await scene({ isAccepted: false });
    await refused.propose({ kind: 'substitute', itemId: refused.tea });
    const idempotency = idempotent(refused.owner, 'rejectOrder');
    await rejectOrder({ orderId: refused.orderId, reason: 'item_sold_out', idempotency }, refused.owner);
    await told(refused.orderId);
    expect(await refused.left()).toEqual({ Lassi: 3, Tea: 3 });
    expect(owner.userId).not.toBe(refused.owner.userId);
  });

  it('of which there are too few is refused, and nothing is taken', async () => {
    const { tea, propose, left } = await scene({ teas: 1 });
    await expect(propose({ kind: 'substitute', itemId: tea })).rejects.toMatchObject({
      code: 'amendment_invalid',
      details: [{ path: 'changes.0.quantity', code: 'out_of_stock' }],
    });
    expect(await left()).toEqual({ Lassi: 3, Tea: 1 });
  });

  it('is the last for one of an amendment and three new orders at once, and never falls below zero', async () => {
    const { restaurantId, tea, propose, left } = await scene({ teas: 1 });
    const line = { restaurantId, itemId: tea, quantity: 1 };
    const quotes = await Promise.all([1, 2, 3].map(() => quoteFor(customerActor(), line)));
    const results = await Promise.allSettled([
      propose({ kind: 'substitute', itemId: tea, quantity: 1 }),
      ...quotes.map(buy),
    ]);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refusals.every((error) => isAppError(error, 'out_of_stock') || isAppError(error, 'amendment_invalid'))).toBe(
      true,
    );
    expect(await left()).toMatchObject({ Tea: 0 });
    const claims = await StockClaimModel.find({ 'items.itemId': tea }).comment('asked by a test').lean();
    expect(claims).toHaveLength(1);
  });
});

describe('a dish that an amendment takes out', () => {
  it('goes back, and all of it once when the order ends before it is accepted', async () => {
    const { orderId, customer, propose, respond, left, held } = await scene({ isAccepted: false });
    await respond(await propose({ kind: 'reduce', quantity: 1 }), 'accepted');
    expect(await left()).toMatchObject({ Lassi: 4 });
    expect(await held()).toMatchObject([{ quantity: 1 }]);
    await cancelOrder({ orderId, idempotency: idempotent(customer, 'cancelOrder') }, customer);
    await told(orderId);
    expect(await left()).toMatchObject({ Lassi: 5 });
  });

  it('does not where it has run out: the count was wrong', async () => {
    const { orderId, propose, respond, left, held } = await scene({ isAccepted: false });
    await respond(await propose({ kind: 'reduce', quantity: 1, isSoldOut: true }), 'cancelled_order');
    await told(orderId);
    expect(await left()).toMatchObject({ Lassi: 3 });
    expect(await held()).toEqual([]);
  });
});
