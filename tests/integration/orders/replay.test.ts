import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { ORDER_STATUSES } from '../../../src/modules/orders/order.machine.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { compareReplay, replayOrder } from '../../../src/modules/orders/replay/order-replay.ts';
import { OrderReplayReportModel } from '../../../src/modules/orders/replay/order-replay-report.model.ts';
import { promiseReplay, REPLAY_REQUESTED, replayDay } from '../../../src/modules/orders/replay/replay-day.service.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { expectSoundOrder, readLog } from '../../support/order-log.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const today = (): string => now().toISOString().slice(0, 10);

describe('replayOrder', () => {
  it.each(ORDER_STATUSES)('of an order that is %s: gives every field that its life has changed', async (status) => {
    const { _id } = await createOrderIn(status);
    await expectSoundOrder(_id);
  });

  it('of cash: begins placed, as the first two events say', async () => {
    const order = await createOrderIn('pending_payment', { paymentMethod: 'cash' });
    expect(order.status).toBe('placed');
    expect(replayOrder(await readLog(order._id))).toMatchObject({ status: 'placed', version: 2, eventSeq: 2 });
  });

  it('of a part of the log: gives the order as it was then', async () => {
    const { _id } = await createOrderIn('ready');
    const log = await readLog(_id);
    const upToPlaced = log.slice(0, log.findIndex(({ type }) => type === 'order.placed') + 1);
    expect(replayOrder(upToPlaced)).toMatchObject({ status: 'placed', acceptedAt: null, version: 2 });
  });

  it('of a log from before events kept their changes: says that it cannot', () => {
    expect(replayOrder([{ seq: 1, at: now() }])).toBeNull();
    expect(replayOrder([])).toBeNull();
  });
});

describe('replayDay', () => {
  it('with sound orders: finds nothing', async () => {
    await createOrderIn('delivered');
    await createOrderIn('cancelled');
    expect(await replayDay(today())).toMatchObject({
      compared: 2,
      unreplayable: 0,
      differenceCount: 0,
      differences: [],
    });
  });

  it('with fields that were written past the log: names the orders and the fields, and keeps the report', async () => {
    const { _id } = await createOrderIn('accepted');
    await createOrderIn('accepted');
    await OrderModel.collection.updateOne({ _id: _id as never }, { $set: { amountDueMinor: 1, reason: 'a hand' } });
    const report = await replayDay(today());
    expect(report).toMatchObject({
      compared: 2,
      differenceCount: 1,
      differences: [{ orderId: _id, fields: ['amountDueMinor', 'reason'] }],
    });
    expect(await OrderReplayReportModel.findById(today()).lean()).toEqual(report);
  });

  it('with an order that has lived on since it was read: takes the log as far as the order knew it', async () => {
    const order = await createOrderIn('accepted');
    const events = await OrderEventModel.find({ orderId: order._id }).sort({ seq: 1 }).lean();
    const replayed = replayOrder(events.slice(0, order.eventSeq));
    expect(replayed === null ? null : compareReplay(order, replayed)).toEqual([]);
  });

  it('every night: promises the day before', async () => {
    await promiseReplay();
    const rows = await OutboxModel.find({ event: REPLAY_REQUESTED }).lean();
    const yesterday = addMs(now(), -86_400_000).toISOString().slice(0, 10);
    expect(rows.map(({ payload }) => payload)).toEqual([{ day: yesterday }]);
  });
});
