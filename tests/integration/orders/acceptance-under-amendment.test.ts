import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { proposeAmendment } from '../../../src/modules/orders/amendments/amendments.service.ts';
import {
  respondToAmendment,
  settleUnanswered,
} from '../../../src/modules/orders/amendments/settle-amendment.service.ts';
import { expireUnansweredOrder, type NewOrder, type OrderRecord } from '../../../src/modules/orders/index.ts';
import { acceptOrder } from '../../../src/modules/orders/orders.service.ts';
import { addMs, now, secondsFromNow, setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, customerActor, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { SOUP, twoDishes } from '../../factories/two-dishes.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder, readLog, readTimers } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const { acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds, acceptTimeoutSeconds, amendmentAnswerSeconds } =
  config.orders;
const LADDER = ['order.accept', 'order.accept_alert', 'order.accept_push', 'order.accept_sms'];
const ROUNDS = 3;

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

/** No worker runs here, and the delayed jobs are deleted: what fires is the sweep alone. */
async function at(seconds: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(START, seconds * 1000) });
  await fireDueTimers(now());
}

const placed = (changes: Partial<NewOrder> = {}) => createOrderIn('placed', { ...twoDishes(), ...changes });

async function propose(order: OrderRecord): Promise<string> {
  const changes = [{ kind: 'remove' as const, lineId: SOUP, isSoldOut: false }];
  const { amendments } = await proposeAmendment({ orderId: order._id, changes }, ownerActor(order));
  return amendments[0]?._id ?? '';
}

const answer = (order: OrderRecord, amendmentId: string, word: 'accepted' | 'declined') =>
  respondToAmendment({ orderId: order._id, amendmentId, answer: word }, customerActor(order));

async function typesSince(order: OrderRecord): Promise<string[]> {
  return (await readLog(order._id)).slice(order.eventSeq).map(({ type }) => type);
}

describe('T2 of an order whose kitchen has proposed a change', () => {
  it('stands still: nobody is reminded, and the order does not expire under the customer', async () => {
    const order = await placed();
    await at(acceptPushSeconds - 1);
    await propose(order);
    expect(await readTimers(order._id)).toEqual([]);
    for (const seconds of [acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds, 298]) await at(seconds);
    expect(await typesSince(order)).toEqual(['order.amendment_proposed']);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed' });
  });

  it.each(['accepted', 'declined', 'timed_out'] as const)(
    '%s: the kitchen has the whole of it again, reminders included, and then it expires',
    async (word) => {
      const order = await placed({ replacement: 'best_match' });
      await at(acceptAlertSeconds);
      const amendmentId = await propose(order);
      const settledAt = acceptAlertSeconds + amendmentAnswerSeconds - (word === 'timed_out' ? 0 : 1);
      await at(settledAt);
      if (word !== 'timed_out') await answer(order, amendmentId, word);
      expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed', openAmendmentId: null });
      const rows = await TimerModel.find({ subjectId: order._id }).sort({ dueAt: 1 }).lean();
      const steps = [acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds, acceptTimeoutSeconds];
      expect(rows.map(({ dueAt }) => dueAt)).toEqual(steps.map((step) => addMs(START, (settledAt + step) * 1000)));
      await at(settledAt + acceptTimeoutSeconds - 0.001);
      expect((await getStoredOrder(order._id)).status).toBe('placed');
      await at(settledAt + acceptTimeoutSeconds);
      expect((await getStoredOrder(order._id)).status).toBe('expired');
      expect((await typesSince(order)).filter((type) => type === 'order.accept_reminded')).toHaveLength(6);
      await expectSoundOrder(order._id);
    },
  );

  it('accepted meanwhile: does not begin again when the customer answers', async () => {
    const order = await placed();
    const amendmentId = await propose(order);
    const owner = ownerActor(order);
    const idempotency = idempotent(owner, 'acceptOrder');
    await acceptOrder({ orderId: order._id, prepMinutes: 20, idempotency }, owner);
    await answer(order, amendmentId, 'accepted');
    expect((await readTimers(order._id)).filter((kind) => LADDER.includes(kind))).toEqual([]);
  });
});

describe('a step of T2 at the moment', () => {
  it('of the proposal: either it expires and there is none, or it waits for the customer', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      setClock({ frozenAt: START });
      const order = await placed();
      setClock({ frozenAt: addMs(START, acceptTimeoutSeconds * 1000) });
      await openQueue('timer').obliterate({ force: true });
      const [proposed] = await Promise.allSettled([propose(order), fireDueTimers(now()), fireDueTimers(now())]);
      const stored = await getStoredOrder(order._id);
      if (proposed.status === 'fulfilled') {
        expect(stored).toMatchObject({ status: 'placed', openAmendmentId: proposed.value });
      } else {
        expect(stored).toMatchObject({ status: 'expired', openAmendmentId: null });
        expect(proposed.reason).toMatchObject({ code: 'invalid_transition', details: { status: 'expired' } });
      }
      expect(await readTimers(order._id)).toEqual([]);
      await expectSoundOrder(order._id);
      await emptyCollections();
    }
  });

  it('of the settlement: one that was on its way since before the proposal ends nothing', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      setClock({ frozenAt: START });
      const order = await placed();
      const wasDueAt = secondsFromNow(acceptTimeoutSeconds);
      setClock({ frozenAt: addMs(wasDueAt, -1) });
      const amendmentId = await propose(order);
      setClock({ frozenAt: addMs(wasDueAt, 1) });
      // The same outcome, whichever of them settles it.
      await Promise.allSettled([
        expireUnansweredOrder(order._id, wasDueAt),
        answer(order, amendmentId, 'accepted'),
        settleUnanswered(amendmentId),
        expireUnansweredOrder(order._id, wasDueAt),
      ]);
      await expireUnansweredOrder(order._id, wasDueAt);
      expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed', openAmendmentId: null });
      expect(await readTimers(order._id)).toEqual(LADDER);
      await expectSoundOrder(order._id);
      await emptyCollections();
    }
  });
});
