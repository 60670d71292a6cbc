import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import {
  expireUnansweredOrder,
  expireUnpaidOrder,
  markOrderPaid,
  type OrderRecord,
} from '../../../src/modules/orders/index.ts';
import { cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { acceptOrder, markOrderReady, rejectOrder } from '../../../src/modules/orders/orders.service.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { createOrderIn, customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder, readTimers } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const COMMANDS = {
  accept: (order: OrderRecord) => {
    const owner = ownerActor(order);
    return acceptOrder({ orderId: order._id, prepMinutes: 15, idempotency: idempotent(owner, 'acceptOrder') }, owner);
  },
  reject: (order: OrderRecord) => {
    const owner = ownerActor(order);
    return rejectOrder({ orderId: order._id, reason: 'other', idempotency: idempotent(owner, 'rejectOrder') }, owner);
  },
  cancel: (order: OrderRecord) => {
    const customer = customerActor(order);
    return cancelOrder({ orderId: order._id, idempotency: idempotent(customer, 'cancelOrder') }, customer);
  },
  expire: (order: OrderRecord) => expireUnansweredOrder(order._id, secondsFromNow(3600)),
};
const OUTCOME = { accept: 'accepted', reject: 'rejected', cancel: 'cancelled', expire: 'expired' } as const;
/** That wait for an order afterwards: a kitchen may be late. */
const TIMERS: Partial<Record<OrderRecord['status'], string[]>> = { accepted: ['order.prep_alert', 'order.prep_ask'] };
const names = fc.constantFrom(...(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]));

describe('ten commands at once on a placed order', () => {
  it('have one winner; the others see its state, and the log is a legal path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 10, maxLength: 10 }), async (commands) => {
        const order = await createOrderIn('placed');
        const results = await Promise.allSettled(commands.map((name) => COMMANDS[name](order)));
        const { status } = await getStoredOrder(order._id);
        const log = await expectSoundOrder(order._id);
        // One winner; but within a minute the customer may still undo an acceptance.
        const isUndone = status === 'cancelled' && log.some(({ type }) => type === 'order.accepted');
        expect(log).toHaveLength(order.eventSeq + (isUndone ? 2 : 1));
        expect(commands.map((name) => OUTCOME[name])).toContain(status);
        results.forEach((result, index) => {
          const name = commands[index] ?? 'accept';
          // Who accepts just before the customer thinks better of it has accepted.
          if (name === 'accept' && status === 'cancelled') return;
          // The same command again finds its wish fulfilled; the clock is silent when it comes late.
          if (OUTCOME[name] === status || name === 'expire') expect(result.status).toBe('fulfilled');
          else expect(result).toMatchObject({ reason: { code: 'invalid_transition', details: { status } } });
        });
        expect(await readTimers(order._id)).toEqual(TIMERS[status] ?? []);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a race for an order that waits for its payment', () => {
  it('of payment, cancellation and T1 has one winner', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await createOrderIn('pending_payment');
      await Promise.allSettled([
        withTransaction((tx) => markOrderPaid(tx, order._id)),
        COMMANDS.cancel(order),
        withTransaction((tx) => expireUnpaidOrder(tx, order._id)),
      ]);
      const log = await expectSoundOrder(order._id);
      const types = log.slice(1).map(({ type }) => type);
      // Who paid first may still cancel; nothing follows an end.
      expect([
        ['order.placed'],
        ['order.cancelled'],
        ['order.payment_expired'],
        ['order.placed', 'order.cancelled'],
      ]).toContainEqual(types);
    }
  });
});

describe('one command many times at once', () => {
  it('writes one event', async () => {
    const order = await createOrderIn('accepted');
    const answers = await Promise.all(Array.from({ length: 8 }, () => markOrderReady(order._id, ownerActor(order))));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([order.version + 1]));
    await expectSoundOrder(order._id);
  });
});
