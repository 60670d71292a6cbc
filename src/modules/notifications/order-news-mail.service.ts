import { timeTextsOf } from '../../shared/time-texts.ts';
import { etaOf, findAmendment, findOrder, type OrderRecord } from '../orders/index.ts';
import { getPreferences } from '../users/index.ts';
import { amendmentData } from './amendment-text.ts';
import { appLink } from './app-links.ts';
import { findRecipient, sendOnce, type Letter } from './send-once.service.ts';

/** One mail per delay, with the time as it stands when the mail goes out. */
export async function sendOrderDelayed({ orderId, seq }: { orderId: string; seq: number }): Promise<void> {
  const prepare = async () => {
    const order = await findOrder(orderId);
    const eta = order === null ? null : etaOf(order);
    if (order === null || eta === null) return null;
    return letterTo(order, { subject: `Your order ${order.number} is late`, data: { eta: localTime(order, eta) } });
  };
  await sendOnce({ kind: 'order-delayed', subjectId: `${orderId}-${seq}`, prepare });
}

/**
 * To who collects: where, and until when it is kept. Not the code, which opens the food to whoever reads it: it stands on the page of
 * the order. Nothing once it is no longer there.
 */
export async function sendOrderReady({ orderId }: { orderId: string }): Promise<void> {
  const asked = await findOrder(orderId);
  if (asked?.mode !== 'collection') return;
  const prepare = async () => {
    const order = await findOrder(orderId);
    if (order?.status !== 'ready' || order.collectUntil === null) return null;
    const { restaurant, number, collectUntil } = order;
    const data = { restaurantAddress: restaurant.addressLine, collectUntil: localTime(order, collectUntil) };
    return letterTo(order, { subject: `Your order ${number} is ready to collect`, data });
  };
  await sendOnce({ kind: 'order-ready', subjectId: orderId, prepare });
}

/** Unless it was settled before the mail went out. */
export async function sendAmendmentProposed({ amendmentId }: { amendmentId: string }): Promise<void> {
  const prepare = async () => {
    const amendment = await findAmendment(amendmentId);
    if (amendment?.status !== 'proposed') return null;
    const order = await findOrder(amendment.orderId);
    if (order === null) return null;
    const subject = `Your order ${order.number}: the restaurant asks you something`;
    const answerBy = dayAndTime(order, amendment.expiresAt);
    return letterTo(order, { subject, data: { ...amendmentData(order, amendment), answerBy } });
  };
  await sendOnce({ kind: 'amendment-proposed', subjectId: amendmentId, prepare });
}

/** T9. Reviewed meanwhile: the timer was cancelled, or did not fire. */
export async function sendReviewInvitation({ orderId }: { orderId: string }): Promise<void> {
  const prepare = async () => {
    const order = await findOrder(orderId);
    return order === null ? null : letterTo(order, { subject: `How was ${order.restaurant.name}?`, data: {} });
  };
  await sendOnce({ kind: 'review-invitation', subjectId: orderId, prepare });
}

/** Null for who is gone, or wants no mails about orders. */
export async function letterTo(
  order: OrderRecord,
  { subject, data }: Pick<Letter, 'subject' | 'data'>,
): Promise<Letter | null> {
  const recipient = await findRecipient(order.customerId);
  if (recipient === null || !(await getPreferences(order.customerId)).channels.orderUpdates.email) return null;
  const { to, greeting } = recipient;
  const link = appLink(`/orders/${order._id}`);
  return {
    to,
    subject,
    data: { ...data, greeting, link, orderNumber: order.number, restaurantName: order.restaurant.name },
  };
}

export function localTime({ restaurant: { timeZone } }: OrderRecord, at: Date): string {
  return timeTextsOf(timeZone).time(at);
}

/** Where minutes count: with the day and the zone, whoever reads it, wherever. */
function dayAndTime({ restaurant: { timeZone } }: OrderRecord, at: Date): string {
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...day, ...time }).format(at);
}
