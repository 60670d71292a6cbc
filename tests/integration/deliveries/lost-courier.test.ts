import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { couriers } from '../../../src/modules/deliveries/courier.model.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createAssignedDelivery, createDeliveryAtDropoff, getStoredDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { readLog } from '../../support/order-log.ts';

const START = new Date('2026-11-20T12:00:00.000Z');
const LOST_MS = config.dispatch.lostSeconds * 1000;

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
async function passTime(ms: number): Promise<void> {
  await openQueue('timer').obliterate({ force: true });
  setClock({ frozenAt: addMs(now(), ms) });
  await fireDueTimers(now());
}

async function beSeen({ _id }: { _id: string }): Promise<void> {
  await couriers().updateOne({ _id }, { $set: { locationAt: now() } });
}

async function countOf(orderId: string, type: string): Promise<number> {
  return (await readLog(orderId)).filter((event) => event.type === type).length;
}

describe('T8', () => {
  it('no position for five minutes before pickup: the delivery is taken away, and the courier is free', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    await passTime(LOST_MS - 1);
    expect((await getStoredDelivery(delivery.orderId)).courierId).toBe(courier._id);
    await passTime(1);
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ courierId: null, releasedBy: [courier._id] });
    expect(await couriers().findOne({ _id: courier._id })).toMatchObject({ activeDeliveryId: null });
    const released = (await readLog(delivery.orderId)).find(({ type }) => type === 'delivery.unassigned');
    expect(released).toMatchObject({ actor: { role: 'system' }, data: { reason: 'courier_lost' } });
  });

  it('a position in time: counted from there', async () => {
    const { delivery, courier } = await createAssignedDelivery();
    await passTime(LOST_MS - 1);
    await beSeen(courier);
    await passTime(LOST_MS - 1);
    expect((await getStoredDelivery(delivery.orderId)).courierId).toBe(courier._id);
    await passTime(1);
    expect((await getStoredDelivery(delivery.orderId)).courierId).toBeNull();
  });

  it('with the food in hand: never taken away; said once for each time', async () => {
    const { delivery, courier } = await createDeliveryAtDropoff();
    const { orderId } = delivery;
    await passTime(LOST_MS);
    await passTime(LOST_MS);
    expect(await getStoredDelivery(orderId)).toMatchObject({ courierId: courier._id, status: 'at_dropoff' });
    expect(await countOf(orderId, 'delivery.courier_lost')).toBe(1);
    await beSeen(courier);
    await passTime(LOST_MS - 1);
    expect(await countOf(orderId, 'delivery.courier_lost')).toBe(1);
    await passTime(1);
    expect(await countOf(orderId, 'delivery.courier_lost')).toBe(2);
  });
});
