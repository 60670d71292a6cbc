import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { recordLocations } from '../../../src/modules/deliveries/courier-locations.service.ts';
import { handOverOrder } from '../../../src/modules/deliveries/handover.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import {
  createDeliveryAtPickup,
  getStoredDelivery,
  getStoredOrder,
  ownerActor,
  type Assigned,
} from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder, readLog } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const WAIT_MS = config.dispatch.dropoffWaitSeconds * 1000;
const RADIUS = config.dispatch.dropoffRadiusMeters;

beforeAll(bootstrap);
beforeEach(() => {
  setClock({ frozenAt: START });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const absent = { type: 'failed', reason: 'customer_absent', disposal: 'discard' } as const;
const called = { type: 'contact_attempted', channel: 'call' } as const;

/** With the food in hand; where the courier is says the test. */
async function carrying(): Promise<Assigned> {
  const assigned = await createDeliveryAtPickup();
  const { orderId, handoverCode } = assigned.delivery;
  await handOverOrder({ orderId, code: handoverCode }, ownerActor(await getStoredOrder(orderId)));
  return assigned;
}

/** The phone tells, a second later. */
async function goTo(
  { delivery, actor, courier }: Assigned,
  metersFromDoor: number,
  accuracyMeters?: number,
): Promise<void> {
  setClock({ frozenAt: addMs(now(), 1_000) });
  const [lng, lat] = delivery.dropoff.location.coordinates;
  // Not shown to the customer: nothing listens here.
  await couriers().updateOne({ _id: courier._id }, { $set: { sharedAt: now() } });
  await recordLocations([{ lat: lat + metersFromDoor / 111_195, lng, at: now(), accuracyMeters }], actor);
}

/** The wait passes, with the position kept fresh or not. */
async function wait({ isSeen = true } = {}): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(now(), WAIT_MS) });
  if (isSeen) await couriers().updateMany({}, { $set: { locationAt: now() } });
  await fireDueTimers(now());
}

const countOf = async (orderId: string, type: string) =>
  (await readLog(orderId)).filter((event) => event.type === type).length;

const tooFar = { code: 'too_far_from_door' };

describe('a courier at the door', () => {
  it('who is there by the last position fails the order, and nobody need look at it', async () => {
    const assigned = await carrying();
    const { step, delivery } = assigned;
    await goTo(assigned, RADIUS - 5);
    for (const command of [{ type: 'arrived_dropoff' } as const, called, called]) await step(command);
    await wait();
    await step(absent);
    const log = await expectSoundOrder(delivery.orderId);
    const arrived = log.find(({ type }) => type === 'delivery.at_dropoff');
    const { distanceMeters } = arrived?.data ?? {};
    expect(distanceMeters).toBeGreaterThan(RADIUS - 10);
    expect(log.find(({ type }) => type === 'delivery.contact_attempted')?.data).toMatchObject({ distanceMeters });
    expect(await countOf(delivery.orderId, 'delivery.failed_unseen')).toBe(0);
  });

  it('who is far away neither calls nor waits nor blames the customer, however long', async () => {
    const assigned = await carrying();
    const { step, delivery } = assigned;
    await goTo(assigned, 2_000);
    await step({ type: 'arrived_dropoff' });
    await expect(step(called)).rejects.toMatchObject({ ...tooFar, details: { limitMeters: RADIUS } });
    await wait();
    await expect(step(absent)).rejects.toMatchObject(tooFar);
    await expect(step({ type: 'arrived_dropoff' })).rejects.toMatchObject(tooFar);
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ status: 'at_dropoff', contactAttempts: [] });
    expect(await countOf(delivery.orderId, 'delivery.wait_over')).toBe(0);
    expect((await getStoredOrder(delivery.orderId)).status).toBe('picked_up');
  });

  it('who said so too early waits from the moment of being there', async () => {
    const assigned = await carrying();
    const { step, delivery } = assigned;
    await goTo(assigned, 2_000);
    await step({ type: 'arrived_dropoff' });
    await wait();
    await goTo(assigned, 20);
    await step(called);
    await step(called);
    await expect(step(absent)).rejects.toMatchObject({ code: 'dropoff_wait_not_over' });
    await step({ type: 'arrived_dropoff' });
    await step({ type: 'arrived_dropoff' });
    expect(await countOf(delivery.orderId, 'delivery.at_dropoff')).toBe(2);
    await expect(step(absent)).rejects.toMatchObject({ code: 'dropoff_wait_not_over' });
    await wait();
    await step(absent);
    await expectSoundOrder(delivery.orderId);
  });

  it('who called and waited there, and went away before blaming the customer, is refused', async () => {
    const assigned = await carrying();
    const { step } = assigned;
    await goTo(assigned, 0);
    for (const command of [{ type: 'arrived_dropoff' } as const, called, called]) await step(command);
    await wait();
    await goTo(assigned, 3_000);
    await expect(step(absent)).rejects.toMatchObject(tooFar);
  });

  it.each([
    [90, 80],
    [90, 99],
  ])(
    'is believed %i m beyond the limit by a phone that is unsure by %i m only as far as that goes',
    async (beyond, unsure) => {
      const assigned = await carrying();
      await goTo(assigned, RADIUS + beyond, unsure);
      await assigned.step({ type: 'arrived_dropoff' });
      const isBelieved = beyond <= unsure;
      const { atDropoffAt } = await getStoredDelivery(assigned.delivery.orderId);
      expect(atDropoffAt === null).toBe(!isBelieved);
    },
  );

  it('is not believed farther away, however unsure the phone says it is', async () => {
    const assigned = await carrying();
    await goTo(assigned, RADIUS + 150, 500);
    await assigned.step({ type: 'arrived_dropoff' });
    await expect(assigned.step(called)).rejects.toMatchObject(tooFar);
  });

  it('of whom nobody knows may fail the order, and operations look at it', async () => {
    const assigned = await carrying();
    const { step, delivery } = assigned;
    await couriers().updateMany({}, { $set: { locationAt: addMs(START, -3_600_000) } });
    for (const command of [{ type: 'arrived_dropoff' } as const, called, called]) await step(command);
    await wait({ isSeen: false });
    await step(absent);
    expect((await getStoredOrder(delivery.orderId)).status).toBe('failed');
    expect(await countOf(delivery.orderId, 'delivery.failed_unseen')).toBe(1);
    expect(await OutboxModel.countDocuments({ event: 'delivery.failed_unseen' })).toBe(1);
    await expectSoundOrder(delivery.orderId);
  });

  it('who meets the customer elsewhere delivers for the PIN', async () => {
    const assigned = await carrying();
    await goTo(assigned, 2_000);
    await assigned.step({ type: 'arrived_dropoff' });
    await assigned.step({ type: 'delivered', pin: assigned.delivery.pin });
    expect((await getStoredOrder(assigned.delivery.orderId)).status).toBe('delivered');
  });
});
