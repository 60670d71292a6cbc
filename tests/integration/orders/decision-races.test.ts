import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { AmendmentModel } from '../../../src/modules/orders/amendments/amendment.model.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import {
  respondToAmendment,
  settleUnanswered,
} from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { autoAcceptOrder } from '../../../src/modules/orders/auto-accept.service.ts';
import { cancelBySystem, cancelOrder } from '../../../src/modules/orders/cancellation/cancellation.service.ts';
import { delayOrder } from '../../../src/modules/orders/delay/delay.service.ts';
import type { OrderRecord, OrderStatus } from '../../../src/modules/orders/index.ts';
import { acceptOrder, markOrderReady } from '../../../src/modules/orders/orders.service.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { createOrderIn, customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ROUNDS = 6;

const cancelByCustomer = (order: OrderRecord) => {
  const actor = customerActor(order);
  return cancelOrder({ orderId: order._id, idempotency: idempotent(actor, 'cancelOrder') }, actor);
};
const cancelByOwner = (order: OrderRecord) => {
  const actor = ownerActor(order);
  const idempotency = idempotent(actor, 'cancelOrder');
  return cancelOrder({ orderId: order._id, reason: 'other', idempotency }, actor);
};
const accept = (order: OrderRecord) => {
  const actor = ownerActor(order);
  return acceptOrder({ orderId: order._id, prepMinutes: 15, idempotency: idempotent(actor, 'acceptOrder') }, actor);
};
const autoAccept = ({ _id }: OrderRecord) => autoAcceptOrder(_id);
const ready = (order: OrderRecord) => markOrderReady(order._id, ownerActor(order));
const payNoMore = ({ _id: orderId }: OrderRecord) =>
  withTransaction((tx) => cancelBySystem(tx, { orderId, reason: 'payment_problem', liableParty: 'platform' }));

/** What each race may come to: the types that follow in the log. A loser leaves no trace in it, nor in the outbox. */
const RACES: {
  name: string;
  from: OrderStatus;
  commands: readonly ((order: OrderRecord) => Promise<unknown>)[];
  ends: readonly (readonly string[])[];
}[] = [
  {
    name: 'accept crossing the customer’s cancel',
    from: 'placed',
    commands: [accept, cancelByCustomer],
    // Who is accepted first may still cancel in the same second.
    ends: [['order.cancelled'], ['order.accepted', 'order.cancelled']],
  },
  {
    name: 'accept by the owner and by itself, crossing the customer’s cancel',
    from: 'placed',
    commands: [accept, autoAccept, cancelByCustomer],
    ends: [['order.cancelled'], ['order.accepted', 'order.cancelled']],
  },
  {
    name: 'the customer’s cancel against ready',
    from: 'accepted',
    commands: [cancelByCustomer, ready],
    ends: [['order.cancelled'], ['order.ready']],
  },
  {
    name: 'the restaurant’s cancel against the customer’s and a payment that never came',
    from: 'accepted',
    commands: [cancelByOwner, cancelByCustomer, payNoMore],
    ends: [['order.cancelled']],
  },
  {
    name: 'a delay against ready',
    from: 'preparing',
    commands: [(order) => delayOrder({ orderId: order._id, prepMinutes: 60 }, ownerActor(order)), ready],
    ends: [['order.ready'], ['order.delayed', 'order.ready']],
  },
];

describe('decisions that cross', () => {
  it.each(RACES)('$name have one outcome, and a loser leaves nothing', async ({ from, commands, ends }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = await createOrderIn(from);
      await RestaurantModel.updateOne({ _id: order.restaurantId }, { $set: { autoAccept: true } });
      const before = order.eventSeq;
      const results = await Promise.allSettled(commands.map((command) => command(order)));
      const lost = results.filter((result) => result.status === 'rejected');
      for (const { reason } of lost) expect(reason).toMatchObject({ code: 'invalid_transition' });
      const log = await expectSoundOrder(order._id);
      expect(ends).toContainEqual(log.slice(before).map(({ type }) => type));
      const { status, amountDueMinor } = await getStoredOrder(order._id);
      expect(amountDueMinor).toBe(status === 'cancelled' ? 0 : order.amountDueMinor);
      if (status === 'cancelled') expect(await TimerModel.countDocuments({ subjectId: order._id })).toBe(0);
      await emptyCollections();
    }
  });
});

describe('an answer at the moment at which the time is up', () => {
  it.each(['accepted', 'declined', 'cancelled_order'] as const)('%s: one of both counts', async (answer) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = await createOrderIn('accepted', { replacement: 'cancel' });
      const { _id: orderId, items } = order;
      // Half of nothing: the one line has one piece, so that a removal ends the order and a substitute would not.
      const changes = [{ kind: 'remove' as const, lineId: items[0]?.lineId ?? '', isSoldOut: false }];
      const { amendments } = await proposeAmendment({ orderId, changes }, ownerActor(order));
      const amendmentId = amendments[0]?._id ?? '';
      const [answered] = await Promise.allSettled([
        respondToAmendment({ orderId, amendmentId, answer }, customerActor(order)),
        settleUnanswered(amendmentId),
        settleUnanswered(amendmentId),
      ]);
      const amendment = await AmendmentModel.findById(amendmentId).lean();
      expect(amendment?.answer).toBe(answered.status === 'fulfilled' ? answer : 'timed_out');
      if (answered.status === 'rejected') expect(answered.reason).toMatchObject({ code: 'invalid_transition' });
      const log = await expectSoundOrder(orderId);
      expect(log.filter(({ type }) => type === 'order.amendment_settled')).toHaveLength(1);
      expect(log.filter(({ type }) => type === 'order.cancelled')).toHaveLength(1);
      await emptyCollections();
    }
  });
});
