import { config } from '../../../config/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer, scheduleTimers } from '../../../infra/timers/index.ts';
import { addMs, now, secondsFromNow } from '../../../shared/clock.ts';
import type { TransitionName } from '../order.machine.ts';
import type { OrderRecord } from '../order.model.ts';

/** T2 of domain.md section 2.2. */
export const ACCEPT_TIMER = 'order.accept';
/** What is tried, in this order, before an order that nobody answers expires. */
export const REMINDERS = ['push', 'sms', 'alert'] as const;
export type Reminder = (typeof REMINDERS)[number];
export const REMINDER_TIMERS = {
  push: 'order.accept_push',
  sms: 'order.accept_sms',
  alert: 'order.accept_alert',
} as const satisfies Record<Reminder, string>;

/** T5: the restaurant is asked where the food is; later operations. */
export const PREP_STEPS = ['ask', 'alert'] as const;
export type PrepStep = (typeof PREP_STEPS)[number];
export const PREP_TIMERS = { ask: 'order.prep_ask', alert: 'order.prep_alert' } as const satisfies Record<
  PrepStep,
  string
>;
/** Operations are alerted when it is late by so many times what the restaurant is asked after. */
const ALERT_FACTOR = 3;

/** Of a restaurant that let an order expire. */
export const STRIKE_TIMER = 'restaurant.strike';
/** T9 */
export const INVITE_TIMER = 'order.invite_review';

/** What waits for the kitchen's word. */
export const ACCEPTANCE_TIMERS = [ACCEPT_TIMER, ...Object.values(REMINDER_TIMERS)];
/** With these there is nothing left to cook. */
const ENDS_COOKING: readonly TransitionName[] = ['O11', 'O17', 'O18', 'O19'];

/** T2 and its ladder, in full, from now on. */
export async function awaitAcceptance(tx: Tx, subjectId: string): Promise<void> {
  const { acceptTimeoutSeconds, acceptPushSeconds, acceptSmsSeconds, acceptAlertSeconds } = config.orders;
  const after = { push: acceptPushSeconds, sms: acceptSmsSeconds, alert: acceptAlertSeconds };
  const steps = REMINDERS.map((step) => ({ kind: REMINDER_TIMERS[step], seconds: after[step] }));
  const all = [{ kind: ACCEPT_TIMER, seconds: acceptTimeoutSeconds }, ...steps];
  await scheduleTimers(
    tx,
    all.map(({ kind, seconds }) => ({ kind, subjectId, dueAt: secondsFromNow(seconds) })),
  );
}

/** T5 from the acceptance on, and anew with each delay. */
export async function watchCooking(tx: Tx, { _id: subjectId, readyEta }: OrderRecord): Promise<void> {
  if (readyEta === null) return;
  const ms = config.orders.prepOverdueSeconds * 1000;
  const dueAt = { ask: addMs(readyEta, ms), alert: addMs(readyEta, ALERT_FACTOR * ms) };
  const requests = PREP_STEPS.map((step) => ({ kind: PREP_TIMERS[step], subjectId, dueAt: dueAt[step] }));
  await scheduleTimers(tx, requests);
}

/** Called with every transition: what begins to run with it, and what ends. */
export async function moveKitchenTimers(tx: Tx, name: TransitionName, order: OrderRecord): Promise<void> {
  const subjectId = order._id;
  if (name === 'O7') await watchCooking(tx, order);
  if (ENDS_COOKING.includes(name)) await cancelTimers(tx, subjectId, Object.values(PREP_TIMERS));
  if (name === 'O9') {
    await cancelTimers(tx, subjectId, ACCEPTANCE_TIMERS);
    await scheduleTimer(tx, { kind: STRIKE_TIMER, subjectId: order.restaurantId, dueAt: now() });
  }
  if (name === 'O13' || name === 'O14') {
    await scheduleTimer(tx, { kind: INVITE_TIMER, subjectId, dueAt: secondsFromNow(config.reviews.inviteSeconds) });
  }
}
