import { config } from '../../config/index.ts';
import { isAppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../infra/timers/index.ts';
import { now, secondsFromNow } from '../../shared/clock.ts';
import { appendOrderEvent, type EventActor } from '../orders/index.ts';
import { freeCourier } from './courier-claims.service.ts';
import { canTransition } from './delivery.machine.ts';
import { deliveries } from './delivery.model.ts';
import { DELIVERABLE_ORDER, moveDelivery } from './delivery-transition.service.ts';
import { dispatchAt } from './dispatch-plan.ts';
import { callBack } from './failure.service.ts';
import { newDelivery } from './new-delivery.ts';
import { askCouriers, withdrawOffers } from './offer-rounds.service.ts';
import { CARRYING_TIMERS, DISPATCH_TIMER, SEARCH_TIMERS, STALLED_TIMER } from './timer-kinds.ts';

const SYSTEM: EventActor = { role: 'system', id: null };

/**
 * The order was accepted: writes its delivery, once, and T4. An order that is no longer open, is collected, or has its delivery, gets none;
 * two jobs at once meet in the order's document, and the unique `orderId` stands behind.
 */
export async function createDelivery(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const order = await appendOrderEvent(tx, {
      orderId,
      type: 'delivery.created',
      actor: SYSTEM,
      data: { deliveryStatus: 'unassigned' },
      set: { deliveryStatus: 'unassigned' },
      where: { status: { $in: [...DELIVERABLE_ORDER] }, deliveryStatus: null, mode: 'delivery' },
    });
    if (order === null) return;
    const delivery = newDelivery(order);
    await deliveries().insertOne(delivery, { session: tx });
    const dueAt = order.status === 'ready' ? now() : dispatchAt(delivery.readyEta, now());
    await scheduleTimer(tx, { kind: DISPATCH_TIMER, subjectId: delivery._id, dueAt });
  });
}

/** T4, and the food being ready early: the search begins, and the first round goes out. */
export async function startOffers(deliveryId: string): Promise<void> {
  await unlessMovedOn(async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId }, { session: tx });
    if (delivery === null || !canTransition('startOffers', delivery.status)) return;
    const at = now();
    const offering = await moveDelivery(tx, 'startOffers', {
      delivery,
      actor: SYSTEM,
      set: { dispatchStartedAt: at, roundEndsAt: at, stalledAt: null },
    });
    const stalledAt = secondsFromNow(config.dispatch.stalledSeconds);
    await cancelTimers(tx, deliveryId, [DISPATCH_TIMER]);
    await scheduleTimer(tx, { kind: STALLED_TIMER, subjectId: deliveryId, dueAt: stalledAt });
    await askCouriers(tx, offering);
  });
}

/** The food is ready before T4. A delivery that does not exist yet finds the order ready when it is created. */
export async function startOffersOfOrder(orderId: string): Promise<void> {
  const delivery = await deliveries().findOne({ orderId }, { projection: { _id: 1 } });
  if (delivery !== null) await startOffers(delivery._id);
}

/** The round's time is up, or a courier came, declined or left: offers are settled, and whoever is free is asked. */
export async function runRound(deliveryId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId, status: 'offering' }, { session: tx });
    if (delivery !== null) await askCouriers(tx, delivery);
  });
}

/** Nobody took it for so long that a person should look; said once per search. The rounds go on. */
export async function reportStalled(deliveryId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOneAndUpdate(
      { _id: deliveryId, status: 'offering', stalledAt: null },
      { $set: { stalledAt: now() }, $inc: { version: 1 } },
      { session: tx, returnDocument: 'after' },
    );
    if (delivery === null) return;
    const { orderId, round } = delivery;
    await appendOrderEvent(tx, { orderId, type: 'delivery.stalled', actor: SYSTEM, data: { rounds: round } });
  });
}

/** The order has been cancelled: nobody is asked any more, and the courier is free, or brings back what was handed over already. */
export async function cancelDelivery(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOne({ orderId }, { session: tx });
    if (delivery === null) return;
    if (canTransition('fail', delivery.status)) return callBack(tx, delivery);
    if (!canTransition('cancel', delivery.status)) return;
    await moveDelivery(tx, 'cancel', {
      delivery,
      actor: SYSTEM,
      set: { endedAt: now(), roundEndsAt: null },
      needsOpenOrder: false,
    });
    await freeCourier(tx, delivery);
    await withdrawOffers(tx, { deliveryId: delivery._id });
    await cancelTimers(tx, delivery._id, [...SEARCH_TIMERS, ...CARRYING_TIMERS]);
  });
}

/** For timers: who lost the race against another transition of delivery or order is silent. */
async function unlessMovedOn(work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await withTransaction(work);
  } catch (error) {
    if (!isAppError(error, 'invalid_transition')) throw error;
  }
}
