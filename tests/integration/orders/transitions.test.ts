import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import {
  completeOrder,
  createOrder,
  draftOrder,
  expireUnansweredOrder,
  expireUnpaidOrder,
  markOrderPaid,
  pickUpOrder,
  recordPaymentEvent,
  type OrderRecord,
  type OrderStatus,
} from '../../../src/modules/orders/index.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import {
  canTransition,
  impliedSteps,
  ORDER_STATUSES,
  transitionOf,
  type TransitionName,
} from '../../../src/modules/orders/order.machine.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import * as service from '../../../src/modules/orders/orders.service.ts';
import { addMs, now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import {
  buildNewOrder,
  createOrderIn,
  customerActor,
  getStoredOrder,
  idempotent,
  ownerActor,
} from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectSoundOrder, readLog, readOutbox, readTimers } from '../../support/order-log.ts';
import { watchWrites } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const RESTAURANT = { role: 'restaurant' as const, id: newId() };
const COURIER = { role: 'courier' as const, id: newId() };

/** Every use case that takes a transition, called by whom it belongs to. */
const COMMANDS = {
  markOrderPaid: ({ _id }: OrderRecord) => withTransaction((tx) => markOrderPaid(tx, _id)),
  expireUnpaidOrder: ({ _id }: OrderRecord) => withTransaction((tx) => expireUnpaidOrder(tx, _id)),
  expireUnansweredOrder: ({ _id }: OrderRecord) => expireUnansweredOrder(_id, secondsFromNow(3600)),
  acceptOrder: (order: OrderRecord) => {
    const owner = ownerActor(order);
    const idempotency = idempotent(owner, 'acceptOrder');
    return service.acceptOrder({ orderId: order._id, prepMinutes: 30, idempotency }, owner);
  },
  rejectOrder: (order: OrderRecord) => {
    const owner = ownerActor(order);
    const idempotency = idempotent(owner, 'rejectOrder');
    return service.rejectOrder({ orderId: order._id, reason: 'closing', idempotency }, owner);
  },
  cancelOrder: (order: OrderRecord) => {
    const customer = customerActor(order);
    return cancelOrder({ orderId: order._id, idempotency: idempotent(customer, 'cancelOrder') }, customer);
  },
  markOrderPreparing: (order: OrderRecord) => service.markOrderPreparing(order._id, ownerActor(order)),
  markOrderReady: (order: OrderRecord) => service.markOrderReady(order._id, ownerActor(order)),
  pickUpOrder: ({ _id }: OrderRecord) => withTransaction((tx) => pickUpOrder(tx, { orderId: _id, actor: RESTAURANT })),
  completeOrder: ({ _id }: OrderRecord) =>
    withTransaction((tx) => completeOrder(tx, { orderId: _id, actor: COURIER, courierFeeMinor: 4_900 })),
};
type CommandName = keyof typeof COMMANDS;

const TRANSITION_OF: Record<CommandName, TransitionName> = {
  markOrderPaid: 'O3',
  expireUnpaidOrder: 'O6',
  acceptOrder: 'O7',
  rejectOrder: 'O8',
  expireUnansweredOrder: 'O9',
  markOrderPreparing: 'O10',
  markOrderReady: 'O11',
  pickUpOrder: 'O12',
  completeOrder: 'O13',
  cancelOrder: 'O16',
};
/** They come from a clock or from the provider, who do not want to hear that they were late. */
const SILENT: readonly CommandName[] = ['markOrderPaid', 'expireUnpaidOrder', 'expireUnansweredOrder'];
const NAMES = Object.keys(COMMANDS) as CommandName[];

const LEGAL = NAMES.flatMap((command) =>
  transitionOf(TRANSITION_OF[command]).from.map((from) => ({ command, from, name: TRANSITION_OF[command] })),
);

/** The timers that wait for an order in a status; T2 is put away by whatever answers, T1 by payment or cancellation. */
function timersOf(status: OrderStatus): string[] {
  if (status === 'pending_payment') return ['order.pay'];
  if (status === 'placed') return ['order.accept', 'order.accept_alert', 'order.accept_push', 'order.accept_sms'];
  if (status === 'accepted' || status === 'preparing') return ['order.prep_alert', 'order.prep_ask'];
  return status === 'delivered' ? ['order.invite_review'] : [];
}

describe('createOrder', () => {
  it('writes order, event, outbox row and T1 in one transaction', async () => {
    const at = now();
    setClock({ frozenAt: at });
    const input = buildNewOrder({ notes: 'No onions' });
    const { writes, transactions } = await watchWrites(() =>
      withTransaction((tx) => createOrder(tx, draftOrder(input))),
    );
    expect(writes).toEqual(['insert orders', 'insert order_events', 'insert outbox', 'update timers']);
    expect(transactions).toBe(1);
    const order = await getStoredOrder(input.orderId);
    expect(order).toMatchObject({
      ...{ status: 'pending_payment', version: 1, eventSeq: 1, paymentStatus: 'requires_payment', notes: 'No onions' },
      ...{ courierId: null, deliveryStatus: null, placedAt: null, endedAt: null, createdAt: at },
      number: input.orderId.slice(-6).toUpperCase(),
    });
    const timer = await TimerModel.findOne({ subjectId: input.orderId }).lean();
    expect(timer).toMatchObject({ kind: 'order.pay', dueAt: addMs(at, config.orders.payTimeoutSeconds * 1000) });
    await expectSoundOrder(input.orderId);
  });

  it('leaves nothing when the transaction around it fails', async () => {
    const before = await hashDatabase();
    const work = withTransaction(async (tx) => {
      await createOrder(tx, draftOrder(buildNewOrder()));
      throw new Error('the payment could not be written');
    });
    await expect(work).rejects.toThrow('the payment');
    expect(await hashDatabase()).toEqual(before);
  });

  it('sells one quote once', async () => {
    const quoteId = newId();
    await withTransaction((tx) => createOrder(tx, draftOrder(buildNewOrder({ quoteId }))));
    const second = withTransaction((tx) => createOrder(tx, draftOrder(buildNewOrder({ quoteId }))));
    await expect(second).rejects.toMatchObject({ code: 11_000 });
  });
});

describe('a transition', () => {
  it.each(LEGAL)('$name by $command takes an order from $from, in one transaction', async ({ command, from, name }) => {
    const order = await createOrderIn(from);
    const { transactions } = await watchWrites(() => COMMANDS[command](order));
    expect(transactions).toBe(1);
    const steps = [...(name === 'O12' ? impliedSteps(from) : []), name];
    const { to } = transitionOf(name);
    const moved = await getStoredOrder(order._id);
    expect(moved).toMatchObject({
      ...{ status: to, version: order.version + steps.length, eventSeq: order.eventSeq + steps.length },
    });
    const log = (await expectSoundOrder(order._id)).slice(order.eventSeq);
    expect(log.map(({ type }) => type)).toEqual(steps.map((step) => transitionOf(step).event));
    expect(await readTimers(order._id)).toEqual(timersAfter(name, to));
  });

  it.each(LEGAL)('$name from $from is undone with the transaction around it', async ({ command, from }) => {
    const order = await createOrderIn(from);
    // Its event takes a seq that is taken already: the last write but one fails.
    await OrderEventModel.collection.insertOne({
      ...{ orderId: order._id, seq: order.eventSeq + 1, type: 'order.failed' },
    });
    const before = await hashDatabase();
    await expect(COMMANDS[command](order)).rejects.toMatchObject({ code: 11_000 });
    expect(await hashDatabase()).toEqual(before);
  });

  it.each(ORDER_STATUSES)(
    'that is held already, or not possible, changes nothing of an order that is %s',
    async (status) => {
      const order = await createOrderIn(status);
      const before = await hashDatabase({ except: ['idempotency_keys'] });
      for (const command of NAMES) {
        const name = TRANSITION_OF[command];
        // A customer's word is O17 once the restaurant has accepted.
        if (canTransition(name, status) || (name === 'O16' && canTransition('O17', status))) continue;
        const isHeld = transitionOf(name).to === status;
        const outcome = await COMMANDS[command](order).then(
          () => 'fine',
          (error: unknown) => error,
        );
        if (isHeld || SILENT.includes(command)) expect(outcome, command).toBe('fine');
        else expect(outcome, command).toMatchObject({ code: 'invalid_transition', status: 409, details: { status } });
        expect(await hashDatabase({ except: ['idempotency_keys'] }), command).toEqual(before);
      }
    },
  );

  it('sets T2 when the order is placed, and says when', async () => {
    const at = now();
    setClock({ frozenAt: at });
    const order = await createOrderIn('placed');
    expect(order.placedAt).toEqual(at);
    const timer = await TimerModel.findOne({ subjectId: order._id }).lean();
    expect(timer).toMatchObject({ kind: 'order.accept', dueAt: addMs(at, config.orders.acceptTimeoutSeconds * 1000) });
  });

  it('accepts with a promise of when it is cooked', async () => {
    const at = now();
    setClock({ frozenAt: at });
    const order = await createOrderIn('placed');
    await COMMANDS.acceptOrder(order);
    expect(await getStoredOrder(order._id)).toMatchObject({ prepMinutes: 30, readyEta: addMs(at, 30 * 60_000) });
    const last = (await readLog(order._id)).at(-1);
    expect(last).toMatchObject({ actor: { role: 'restaurant', id: order.ownerId }, data: { prepMinutes: 30 } });
  });

  it('keeps the reason of a refusal, and when the order ended', async () => {
    const at = now();
    setClock({ frozenAt: at });
    const order = await createOrderIn('placed');
    await COMMANDS.rejectOrder(order);
    expect(await getStoredOrder(order._id)).toMatchObject({ reason: 'closing', endedAt: at });
    expect((await readLog(order._id)).at(-1)?.data).toEqual({ status: 'rejected', reason: 'closing' });
  });

  it('marks the steps that a hurried restaurant left out', async () => {
    const order = await createOrderIn('accepted');
    await COMMANDS.pickUpOrder(order);
    const log = await readLog(order._id);
    expect(log.slice(-3).map(({ type, data }) => [type, data['isImplied'] ?? false])).toEqual([
      ['order.preparing', true],
      ['order.ready', true],
      ['order.picked_up', false],
    ]);
  });

  it('tells nobody an address, a note or a price through the log and the outbox', async () => {
    const order = await createOrderIn('delivered', { notes: 'The key is under the mat' });
    const [log, outbox] = await Promise.all([readLog(order._id), readOutbox(order._id)]);
    const text = JSON.stringify([log, outbox]);
    for (const secret of ['Lighthouse', 'Blue door', 'under the mat']) expect(text).not.toContain(secret);
    // What the replay needs is shown to nobody, and may hold sums.
    const shown = log.map(({ changes: _changes, ...event }) => event);
    for (const secret of ['11200', order.quoteId]) expect(JSON.stringify([shown, outbox])).not.toContain(secret);
  });
});

describe('ownership of a transition', () => {
  it.each(['acceptOrder', 'rejectOrder', 'markOrderPreparing', 'markOrderReady', 'cancelOrder'] as const)(
    'keeps %s from everybody else, whatever they are to the order',
    async (command) => {
      const order = await createOrderIn(transitionOf(TRANSITION_OF[command]).from[0] ?? 'placed');
      const { customerId, ownerId } = order;
      const isOfCustomer = command === 'cancelOrder';
      const strangers = [isOfCustomer ? ownerId : customerId, order.restaurantId, newId()];
      const before = await hashDatabase();
      for (const id of strangers) {
        const posing = { ...order, customerId: id, ownerId: id };
        await expect(COMMANDS[command](posing)).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(await hashDatabase()).toEqual(before);
    },
  );
});

describe('recordPaymentEvent', () => {
  it('mirrors the payment with the next seq, and leaves status and version', async () => {
    const order = await createOrderIn('placed');
    const event = { orderId: order._id, type: 'payment.authorized' as const, paymentStatus: 'authorized' };
    await withTransaction((tx) => recordPaymentEvent(tx, event));
    const { status, version, eventSeq, paymentStatus } = await getStoredOrder(order._id);
    expect({ status, version, eventSeq, paymentStatus }).toEqual({
      ...{ status: 'placed', version: order.version, eventSeq: order.eventSeq + 1, paymentStatus: 'authorized' },
    });
    await expectSoundOrder(order._id);
  });
});

/** O6 is fired by the very timer, whose row goes once it has fired. */
function timersAfter(name: TransitionName, to: OrderStatus): string[] {
  return name === 'O6' ? ['order.pay'] : timersOf(to);
}
