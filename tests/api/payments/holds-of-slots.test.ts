import '../../setup/with-local-cloud.ts';
import { describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { acceptOrder } from '../../../src/modules/orders/orders.service.ts';
import { CardModel } from '../../../src/modules/payments/cards/card.model.ts';
import { HOLD_OVERDUE, HOLD_TIMER } from '../../../src/modules/payments/payments.events.ts';
import { expireOrderUnlessPaid } from '../../../src/modules/payments/payments.service.ts';
import { renewHold } from '../../../src/modules/payments/renew-hold.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { createOrderIn, getStoredOrder, idempotent, ownerActor } from '../../factories/order.ts';
import { payAtProvider, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { addCardOf, become, customer, discardPast, payOver, sumsOf, usePaying } from './pay-scene.ts';

usePaying();

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

interface Scheduled {
  order: OrderRecord;
  releaseAt: Date;
}

/** For a slot so many days ahead, unpaid. */
async function unpaid(days: number): Promise<Scheduled> {
  const startAt = addMs(now(), days * DAY_MS);
  const [endAt, releaseAt] = [addMs(startAt, 30 * MINUTE_MS), addMs(startAt, -28 * MINUTE_MS)];
  const appointment = { slot: { startAt, endAt }, releaseAt, promisedAt: endAt };
  return { order: await createOrderIn('pending_payment', { ...(await become()), ...appointment }), releaseAt };
}

/** Paid with a saved card. */
async function scheduled(days: number): Promise<Scheduled> {
  const { order, releaseAt } = await unpaid(days);
  await payOver(order, { cardId: await addCardOf('pm_card_visa') }).expect(200);
  expect((await getStoredOrder(order._id)).status).toBe('scheduled');
  return { order, releaseAt };
}

async function standAt(at: Date): Promise<void> {
  setClock({ frozenAt: at });
  await fireDueTimers(at);
}

async function timersOf({ _id }: OrderRecord): Promise<Record<string, Date>> {
  const rows = await TimerModel.find({ subjectId: { $eq: _id } }).lean();
  return Object.fromEntries(rows.map(({ kind, dueAt }) => [kind, dueAt]));
}

async function accept(order: OrderRecord): Promise<void> {
  const owner = ownerActor(order);
  await acceptOrder({ orderId: order._id, prepMinutes: 20, idempotency: idempotent(owner, 'acceptOrder') }, owner);
  await settlePayment(order._id);
}

/** T10 for a bank that keeps holds for less than the slot is away, and the job that it promises. */
async function runHoldOut(order: OrderRecord, at: Date): Promise<void> {
  await TimerModel.updateOne({ subjectId: order._id, kind: HOLD_TIMER }, { dueAt: at });
  await standAt(at);
  const promised = await OutboxModel.findOne({ event: HOLD_OVERDUE, 'payload.orderId': order._id }).lean();
  expect(promised?.payload).toEqual({ orderId: order._id, attempt: 1 });
  await renewHold({ orderId: order._id, attempt: 1 });
  await discardPast(order);
}

async function expectGivenUp({ order, releaseAt }: Scheduled): Promise<void> {
  expect(await getStoredOrder(order._id)).toMatchObject({
    ...{ status: 'cancelled', reason: 'hold_expired', liableParty: 'platform', amountDueMinor: 0 },
  });
  const told = { event: 'order.cancelled', 'payload.orderId': order._id };
  expect(await OutboxModel.countDocuments(told)).toBe(1);
  await settlePayment(order._id);
  await discardPast(order);
  expect(await sumsOf(order)).toMatchObject({ captured: 0, kept: 0, held: 0 });
  expect(await timersOf(order)).toEqual({});
  await standAt(releaseAt);
  expect((await getStoredOrder(order._id)).status).toBe('cancelled');
  await expectSoundOrder(order._id);
}

describe('the hold of an order for a slot', () => {
  it.each([4, 5])(
    '%i days away outlives the slot: one hold, captured when the kitchen accepts at its last second',
    async (days) => {
      expect(config.orders.slotHorizonMs).toBe(5 * 86_400_000);
      const { order, releaseAt } = await scheduled(days);
      const answerBy = addMs(releaseAt, config.orders.acceptTimeoutSeconds * 1000);
      expect((await timersOf(order))[HOLD_TIMER]?.getTime()).toBeGreaterThan(answerBy.getTime());
      await standAt(addMs(releaseAt, -1));
      expect((await getStoredOrder(order._id)).status).toBe('scheduled');
      await standAt(releaseAt);
      expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed', placedAt: releaseAt });
      expect(await sumsOf(order)).toEqual({ intents: 1, captured: 0, kept: 0, held: TOTAL });
      await standAt(addMs(answerBy, -1_000));
      await accept(order);
      expect(await storedPayment(order)).toMatchObject({ status: 'captured', attempt: 1 });
      expect(await sumsOf(order)).toEqual({ intents: 1, captured: TOTAL, kept: TOTAL, held: 0 });
      expect(await timersOf(order)).not.toHaveProperty(HOLD_TIMER);
      await expectSoundOrder(order._id);
    },
  );

  it('that runs out before is renewed with the saved card; the order waits on, rings at its hour, and is paid once', async () => {
    const { order, releaseAt } = await scheduled(5);
    const third = addMs(now(), 3 * DAY_MS);
    await runHoldOut(order, third);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'scheduled', paymentStatus: 'authorized' });
    expect(await storedPayment(order)).toMatchObject({ status: 'authorized', attempt: 2, renewalCardId: null });
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: 0, kept: 0, held: TOTAL });
    const watchAt = addMs(third, config.orders.holdWatchSeconds * 1000);
    expect(await timersOf(order)).toEqual({ 'order.release': releaseAt, [HOLD_TIMER]: watchAt });
    await standAt(releaseAt);
    await accept(order);
    expect(await sumsOf(order)).toEqual({ intents: 2, captured: TOTAL, kept: TOTAL, held: 0 });
    await expectSoundOrder(order._id);
  });

  it('that runs out and whose card the bank declines by now ends the order, at our cost, and nothing rings', async () => {
    const one = await scheduled(5);
    const declined = { paymentMethodId: 'pm_card_visa_chargeDeclined' };
    await CardModel.updateOne({ userId: customer.userId }, declined);
    await runHoldOut(one.order, addMs(now(), 3 * DAY_MS));
    await expectGivenUp(one);
  });

  it('that runs out and was made with a card that is not saved ends the order, too', async () => {
    const one = await unpaid(5);
    await payAtProvider(one.order);
    await expireOrderUnlessPaid(one.order._id);
    expect((await getStoredOrder(one.order._id)).status).toBe('scheduled');
    await runHoldOut(one.order, addMs(now(), 3 * DAY_MS));
    await expectGivenUp(one);
  });
});
