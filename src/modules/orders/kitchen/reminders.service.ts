import { config } from '../../../config/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { isSetAnew, registerTimer, type TimerRequest } from '../../../infra/timers/index.ts';
import { addMs, now } from '../../../shared/clock.ts';
import { etaOf } from '../order-eta.ts';
import { appendOrderEvent } from '../order-log.service.ts';
import { findOrder, getOrderIn } from '../orders.queries.ts';
import {
  PREP_STEPS,
  PREP_TIMERS,
  REMINDER_TIMERS,
  REMINDERS,
  STRIKE_TIMER,
  type PrepStep,
  type Reminder,
} from './kitchen-timers.ts';
import { pauseWhoDoesNotAnswer } from './strikes.service.ts';

const SYSTEM = { role: 'system', id: null } as const;

/** Called by bootstrap. */
export function registerKitchenTimers(): void {
  for (const step of REMINDERS) {
    const kind = REMINDER_TIMERS[step];
    registerTimer(kind, (subjectId, dueAt) => remindToAccept({ kind, subjectId, dueAt }, step));
  }
  for (const step of PREP_STEPS) registerTimer(PREP_TIMERS[step], (orderId) => reportOverdue(orderId, step));
  registerTimer(STRIKE_TIMER, pauseWhoDoesNotAnswer);
}

/** A step of the ladder: the event rings in the restaurant, and notifications send what goes with the step. */
async function remindToAccept(timer: TimerRequest, step: Reminder): Promise<void> {
  await withTransaction(async (tx) => {
    if (await isPutOff(tx, timer)) return;
    await appendOrderEvent(tx, {
      ...{ orderId: timer.subjectId, type: 'order.accept_reminded', actor: SYSTEM, data: { step } },
      where: { status: 'placed' },
    });
  });
}

/**
 * Whether a step of T2 that has come due counts no more: the kitchen has answered with a proposal and waits for the customer, or has
 * its time anew since. Asked in the transaction that writes the order, so that whoever changes it meanwhile makes it ask again.
 */
export async function isPutOff(tx: Tx, timer: TimerRequest): Promise<boolean> {
  const { openAmendmentId } = await getOrderIn(tx, timer.subjectId);
  return openAmendmentId !== null || (await isSetAnew(tx, timer));
}

/**
 * T5. Asked: the restaurant says how long it takes (a delay), or is ready. Still nothing: operations look at it, and the customer is
 * told a time again, since the old one has passed.
 */
async function reportOverdue(orderId: string, step: PrepStep): Promise<void> {
  const order = await findOrder(orderId);
  if (order?.readyEta == null) return;
  const readyEta = step === 'ask' ? order.readyEta : addMs(now(), config.orders.prepOverdueSeconds * 1000);
  const eta = etaOf({ ...order, readyEta })?.toISOString();
  await withTransaction((tx) =>
    appendOrderEvent(tx, {
      ...{ orderId, type: 'order.prep_overdue', actor: SYSTEM },
      data: { step, readyEta: readyEta.toISOString(), eta },
      set: { readyEta },
      // A delay that came in between has set the timers anew.
      where: { status: { $in: ['accepted', 'preparing'] }, readyEta: order.readyEta },
    }),
  );
}
