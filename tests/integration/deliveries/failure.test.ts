import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import type { FailureReason } from '../../../src/modules/deliveries/failure.policy.ts';
import { failDelivery, takeBackOrder } from '../../../src/modules/deliveries/failure.service.ts';
import { recordPaymentEvent } from '../../../src/modules/orders/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import {
  createDeliveryAtDropoff,
  createDeliveryAtPickup,
  getStoredDelivery,
  getStoredOrder,
  idempotent,
  ownerActor,
  type Assigned,
} from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder, readLog } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const WAIT_MS = config.dispatch.dropoffWaitSeconds * 1000;
const TOTAL = 11_200;
const TIP = 1_000;

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function passTime(ms: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(now(), ms) });
  await couriers().updateMany({}, { $set: { locationAt: now() } });
  await fireDueTimers(now());
}

/** Paid by card: the money is held. */
async function atTheDoor(): Promise<Assigned> {
  const assigned = await createDeliveryAtDropoff();
  const { orderId } = assigned.delivery;
  const captured = { orderId, type: 'payment.captured' as const, paymentStatus: 'captured' };
  await withTransaction((tx) => recordPaymentEvent(tx, captured));
  return assigned;
}

async function waitAndCall({ step }: Assigned): Promise<void> {
  await step({ type: 'contact_attempted', channel: 'call' });
  await step({ type: 'contact_attempted', channel: 'doorbell' });
  await passTime(WAIT_MS);
}

const absent = { type: 'failed', reason: 'customer_absent', disposal: 'discard' } as const;

describe('T7', () => {
  it('a customer who does not open: nothing fails before the wait is over and two attempts were made', async () => {
    const { step, delivery } = await atTheDoor();
    const until = addMs(START, WAIT_MS).toISOString();
    const refused = (contactsLeft: number) => ({ code: 'dropoff_wait_not_over', details: { until, contactsLeft } });
    await expect(step(absent)).rejects.toMatchObject(refused(2));
    await step({ type: 'contact_attempted', channel: 'call' });
    await passTime(WAIT_MS - 1);
    await expect(step(absent)).rejects.toMatchObject(refused(1));
    await step({ type: 'contact_attempted', channel: 'call' });
    await expect(step(absent)).rejects.toMatchObject(refused(0));
    await passTime(1);
    expect((await readLog(delivery.orderId)).at(-1)).toMatchObject({
      ...{ type: 'delivery.wait_over', data: { contactAttempts: 2 } },
    });
    await step(absent);
    expect((await getStoredOrder(delivery.orderId)).status).toBe('failed');
  });

  it('begins with the slot that the customer asked for, however early the courier comes', async () => {
    const assigned = await atTheDoor();
    const { orderId } = assigned.delivery;
    const startAt = addMs(START, 3_600_000);
    await OrderModel.updateOne({ _id: orderId }, { slot: { startAt, endAt: addMs(startAt, 1_800_000) } });
    await waitAndCall(assigned);
    const until = addMs(startAt, WAIT_MS).toISOString();
    await expect(assigned.step(absent)).rejects.toMatchObject({ details: { until, contactsLeft: 0 } });
    await passTime(3_600_000);
    await assigned.step(absent);
  });

  it('attempts count at the door alone', async () => {
    const { step } = await createDeliveryAtPickup();
    await expect(step({ type: 'contact_attempted', channel: 'call' })).rejects.toMatchObject({
      code: 'invalid_transition',
    });
  });
});

describe('failed', () => {
  it('the customer is to blame: what was paid stays paid, the courier gets all, the food is gone, the courier free', async () => {
    const assigned = await atTheDoor();
    const { delivery, courier, step } = assigned;
    await waitAndCall(assigned);
    await step(absent);
    await step(absent);
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({
      ...{ status: 'failed', deliveryStatus: 'failed', reason: 'customer_absent', liableParty: 'customer' },
      ...{ amountDueMinor: TOTAL, courierFeeMinor: delivery.feeMinor },
    });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    const left = await TimerModel.find({ subjectId: delivery._id }).lean();
    expect(left).toEqual([]);
    await expectSoundOrder(delivery.orderId);
  });

  it.each<[FailureReason, string, number]>([
    ['unsafe_place', 'platform', 4_900 - TIP],
    ['food_damaged', 'courier', 0],
  ])(
    '%s: at once, nothing is due, and the courier gets what is right',
    async (reason, liableParty, courierFeeMinor) => {
      const { delivery, step } = await atTheDoor();
      await step({ type: 'failed', reason, disposal: 'discard' });
      expect(await getStoredOrder(delivery.orderId)).toMatchObject({ liableParty, amountDueMinor: 0, courierFeeMinor });
    },
  );

  it('cash that nobody took: nothing is due, whoever is to blame', async () => {
    const assigned = await createDeliveryAtDropoff({ paymentMethod: 'cash' });
    await waitAndCall(assigned);
    await assigned.step(absent);
    const { orderId, feeMinor } = assigned.delivery;
    expect(await getStoredOrder(orderId)).toMatchObject({ amountDueMinor: 0, courierFeeMinor: feeMinor - TIP });
  });

  it('before the food is picked up: refused', async () => {
    const { step, delivery } = await createDeliveryAtPickup();
    await expect(step({ type: 'failed', reason: 'food_damaged', disposal: 'discard' })).rejects.toMatchObject({
      ...{ code: 'invalid_transition', details: { status: 'at_pickup' } },
    });
    expect((await getStoredOrder(delivery.orderId)).status).toBe('accepted');
  });

  it('by the office: without waiting, with the liable party that it names', async () => {
    const { delivery } = await atTheDoor();
    const { orderId } = delivery;
    const office = { userId: newId(), roles: ['support' as const], sessionId: newId() };
    const input = { orderId, reason: 'customer_absent' as const, disposal: 'discard' as const };
    const idempotency = idempotent(office, 'failDelivery');
    await failDelivery({ ...input, liableParty: 'platform', idempotency }, office);
    expect(await getStoredOrder(orderId)).toMatchObject({
      ...{ status: 'failed', liableParty: 'platform', amountDueMinor: 0 },
    });
    await expectSoundOrder(orderId);
  });
});

describe('the way back', () => {
  it('the restaurant takes the food from the courier who shows the new code, who is free then', async () => {
    const { delivery, courier, step } = await atTheDoor();
    const { orderId } = delivery;
    await step({ type: 'failed', reason: 'unsafe_place', disposal: 'return' });
    const returning = await getStoredDelivery(orderId);
    expect(returning).toMatchObject({ status: 'returning', courierId: courier._id, handoverTries: 0, endedAt: null });
    expect(returning.handoverCode).not.toBe(delivery.handoverCode);
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: delivery._id });
    const owner = ownerActor(await getStoredOrder(orderId));
    await expect(takeBackOrder({ orderId, code: delivery.handoverCode }, owner)).rejects.toMatchObject({
      ...{ code: 'handover_code_wrong', details: { attemptsLeft: 4 } },
    });
    const taken = () => takeBackOrder({ orderId, code: returning.handoverCode }, owner);
    await Promise.all([taken(), taken()]);
    await taken();
    expect(await getStoredDelivery(orderId)).toMatchObject({ status: 'returned', endedAt: START });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    const types = (await readLog(orderId)).slice(-4).map(({ type }) => type);
    expect(types).toEqual(['delivery.failed', 'order.failed', 'delivery.returning', 'delivery.returned']);
    await expectSoundOrder(orderId);
  });

  it('nothing to take back: refused', async () => {
    const { delivery } = await atTheDoor();
    const owner = ownerActor(await getStoredOrder(delivery.orderId));
    await expect(
      takeBackOrder({ orderId: delivery.orderId, code: delivery.handoverCode }, owner),
    ).rejects.toMatchObject({ code: 'invalid_transition' });
  });
});
