import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import {
  respondToAmendment,
  settleUnanswered,
} from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { autoAcceptOrder } from '../../../src/modules/orders/auto-accept.service.ts';
import { cancelBySystem, cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { delayOrder } from '../../../src/modules/orders/delay/delay.service.ts';
import {
  completeOrder,
  expireUnansweredOrder,
  expireUnpaidOrder,
  markOrderPaid,
  pickUpOrder,
  recordPaymentEvent,
  TERMINAL_STATUSES,
  type OrderRecord,
} from '../../../src/modules/orders/index.ts';
import {
  acceptOrder,
  markOrderPreparing,
  markOrderReady,
  rejectOrder,
} from '../../../src/modules/orders/orders.service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn, customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const SUPPORT: Actor = { userId: newId(), roles: ['support'], sessionId: newId() };
const stranger = (): Actor => ({ userId: newId(), roles: ['customer', 'restaurant', 'courier'], sessionId: newId() });

function cancelAs(actor: Actor, extra: object = {}) {
  return ({ _id: orderId }: OrderRecord) =>
    cancelOrder({ orderId, reason: 'other', ...extra, idempotency: idempotent(actor, 'cancelOrder') }, actor);
}

/** Everything that anybody can do to an order, the clock and the provider included; each is tried in any state. */
const COMMANDS = {
  pay: ({ _id }: OrderRecord) => withTransaction((tx) => markOrderPaid(tx, _id)),
  expireUnpaid: ({ _id }: OrderRecord) => withTransaction((tx) => expireUnpaidOrder(tx, _id)),
  expireUnanswered: ({ _id }: OrderRecord) => expireUnansweredOrder(_id, secondsFromNow(3600)),
  accept: (order: OrderRecord) => {
    const idempotency = idempotent(ownerActor(order), 'acceptOrder');
    return acceptOrder({ orderId: order._id, prepMinutes: 20, idempotency }, ownerActor(order));
  },
  autoAccept: ({ _id }: OrderRecord) => autoAcceptOrder(_id),
  reject: (order: OrderRecord) => {
    const idempotency = idempotent(ownerActor(order), 'rejectOrder');
    return rejectOrder({ orderId: order._id, reason: 'other', idempotency }, ownerActor(order));
  },
  prepare: (order: OrderRecord) => markOrderPreparing(order._id, ownerActor(order)),
  ready: (order: OrderRecord) => markOrderReady(order._id, ownerActor(order)),
  delay: (order: OrderRecord) => delayOrder({ orderId: order._id, prepMinutes: 35 }, ownerActor(order)),
  propose: (order: OrderRecord) => {
    const changes = [{ kind: 'remove' as const, lineId: order.items[0]?.lineId ?? '', isSoldOut: false }];
    return proposeAmendment({ orderId: order._id, changes }, ownerActor(order));
  },
  answer: (order: OrderRecord) => {
    const amendmentId = order.openAmendmentId ?? newId();
    return respondToAmendment({ orderId: order._id, amendmentId, answer: 'cancelled_order' }, customerActor(order));
  },
  answerTooLate: ({ openAmendmentId }: OrderRecord) => settleUnanswered(openAmendmentId ?? newId()),
  handOver: ({ _id }: OrderRecord) =>
    withTransaction((tx) => pickUpOrder(tx, { orderId: _id, actor: { role: 'restaurant', id: null } })),
  bring: ({ _id }: OrderRecord) =>
    withTransaction((tx) =>
      completeOrder(tx, { orderId: _id, actor: { role: 'courier', id: null }, courierFeeMinor: 100 }),
    ),
  payment: ({ _id }: OrderRecord) =>
    withTransaction((tx) =>
      recordPaymentEvent(tx, { orderId: _id, type: 'payment.captured', paymentStatus: 'captured' }),
    ),
  cancelByCustomer: (order: OrderRecord) => cancelAs(customerActor(order))(order),
  cancelByOwner: (order: OrderRecord) => cancelAs(ownerActor(order))(order),
  cancelBySupport: cancelAs(SUPPORT, { liableParty: 'platform' }),
  cancelByNobody: ({ _id: orderId }: OrderRecord) =>
    withTransaction((tx) => cancelBySystem(tx, { orderId, reason: 'payment_problem', liableParty: 'platform' })),
  cancelByStranger: (order: OrderRecord) => cancelAs(stranger())(order),
};
type CommandName = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as CommandName[];
const ENDS = NAMES.filter((name) => /cancel|expire|reject|answer/.test(name));
const STEPS = NAMES.filter((name) => !ENDS.includes(name));
/** Ends are rare in a walk, so that it gets somewhere. */
const names = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...STEPS) },
  { weight: 1, arbitrary: fc.constantFrom(...ENDS) },
);
const starts = fc.constantFrom('pending_payment', 'placed', 'accepted', 'preparing');
const REFUSALS = ['invalid_transition', 'amendment_open', 'not_found', 'delay_refused', 'amendments_used_up'] as const;

describe('a random walk of everybody over one order', () => {
  it('never leaves the table: versions go up by one, seqs have no gap, an end is an end', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(starts, fc.array(names, { minLength: 6, maxLength: 18 }), async (start, commands) => {
        let before = await createOrderIn(start);
        for (const name of commands) {
          await COMMANDS[name](before).catch((error: unknown) => {
            if (!REFUSALS.some((code) => isAppError(error, code))) throw error;
          });
          const after = await getStoredOrder(before._id);
          // A hand-over may imply two steps.
          expect(after.version - before.version).toBeLessThanOrEqual(name === 'handOver' ? 3 : 1);
          expect(after.version - before.version).toBeGreaterThanOrEqual(0);
          expect(after.status === before.status).toBe(after.version === before.version);
          if (TERMINAL_STATUSES.includes(before.status)) expect(after.status).toBe(before.status);
          if (TERMINAL_STATUSES.includes(after.status)) expect(after.openAmendmentId).toBeNull();
          expect(after.amountDueMinor).toBeLessThanOrEqual(before.amountDueMinor);
          reached.add(after.status);
          before = after;
        }
        await expectSoundOrder(before._id);
      }),
      { numRuns: 25, seed: 20 },
    );
    expect([...reached]).toEqual(expect.arrayContaining(['accepted', 'preparing', 'picked_up', 'cancelled']));
  });
});
