import { logger } from '../../infra/observability/index.ts';
import { isSmsOn, sendSms, SmsFailure, takeSmsBudget } from '../../infra/sms/index.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { listStaffIds } from '../staff/index.ts';
import { appLink } from './app-links.ts';
import { alertAboutOrder } from './operations-alerts.service.ts';
import { sendOrderDelayed } from './order-news-mail.service.ts';
import { pushOnce } from './push.service.ts';
import { actOnce } from './send-once.service.ts';

interface OfOrder {
  orderId: string;
  /** Of the event that it is about: there is one message per event. */
  seq: number;
}

/** A step of T2's ladder. Answered meanwhile, or the customer asked: nobody is disturbed. */
export async function remindToAccept({ step, ...of }: OfOrder & { step: 'push' | 'sms' | 'alert' }): Promise<void> {
  const order = await findOrder(of.orderId);
  if (order?.status !== 'placed' || order.openAmendmentId !== null) return;
  if (step === 'alert') return alertAboutOrder({ ...of, kind: 'order_unanswered' });
  if (step === 'sms') return textRestaurant(order, of.seq);
  await pushToKitchen(order, of.seq, {
    type: 'order.accept_reminded',
    title: 'An order waits for your answer',
    body: `Order ${order.number}: accept or reject it, or it expires.`,
  });
}

/** T5: first the kitchen is asked; later operations look at it, and the customer gets a new time. */
export async function reportOverdue({ step, ...of }: OfOrder & { step: 'ask' | 'alert' }): Promise<void> {
  const order = await findOrder(of.orderId);
  if (order?.status !== 'accepted' && order?.status !== 'preparing') return;
  if (step === 'alert') {
    await alertAboutOrder({ ...of, kind: 'food_overdue' });
    return sendOrderDelayed(of);
  }
  await pushToKitchen(order, of.seq, {
    type: 'order.prep_overdue',
    title: 'When is it ready?',
    body: `Order ${order.number} is late. Say how long it takes, or that it is ready.`,
  });
}

async function pushToKitchen(
  { _id, restaurantId }: OrderRecord,
  seq: number,
  message: { type: string; title: string; body: string },
): Promise<void> {
  const staff = await listStaffIds(restaurantId, 'order.accept');
  await pushOnce(`${_id}-${seq}`, staff, { ...message, link: appLink(`/console/restaurants/${restaurantId}`) });
}

/** To the restaurant's own number; within one segment of 160 plain characters. */
async function textRestaurant({ _id, number, restaurant: { phone } }: OrderRecord, seq: number): Promise<void> {
  if (phone === null || !isSmsOn()) return;
  const body = `QuickBite: order ${number} waits for your answer and expires soon. Accept or reject it in your console.`;
  await actOnce({ kind: 'sms', subjectId: `${_id}-${seq}` }, async () => {
    if (!(await takeSmsBudget())) return false;
    try {
      await sendSms({ to: phone, body });
      return true;
    } catch (error) {
      if (!(error instanceof SmsFailure) || !error.isPermanent) throw error;
      logger.warn({ smsCode: error.code, orderId: _id }, 'no text message: the restaurant cannot be reached');
      return false;
    }
  });
}
