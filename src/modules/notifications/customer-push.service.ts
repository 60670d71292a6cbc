import { findAmendment, findOrder, type OrderRecord } from '../orders/index.ts';
import { getPreferences } from '../users/index.ts';
import type { CustomerNews } from './alerts.jobs.ts';
import { changeTexts } from './amendment-text.ts';
import { appLink } from './app-links.ts';
import { localTime } from './order-news-mail.service.ts';
import { pushOnce } from './push.service.ts';

const NEWS = {
  ready: {
    title: 'Your food is ready',
    body: 'Come and collect it. The code to show there stands on the page of your order.',
  },
  on_its_way: { title: 'Your food is on its way', body: 'See where your courier is.' },
  at_the_door: { title: 'Your courier is at the door', body: 'Have your PIN ready.' },
  amendment: { title: 'The kitchen has a question', body: askedOf },
  pay_again: { title: 'Your card was refused', body: 'Pay again within minutes, or the order is cancelled.' },
  ended: { title: 'Your order has ended', body: 'It does not come. See why, and what becomes of your money.' },
  review: { title: 'How was it?', body: 'Tell others what you think of your order.' },
} as const satisfies Record<
  CustomerNews,
  { title: string; body: string | ((order: OrderRecord) => Promise<string | null>) }
>;

/** Not to who wants no push messages about orders, and that food is ready only to who collects it. */
export async function pushToCustomer(of: { orderId: string; seq: number; news: CustomerNews }): Promise<void> {
  const { orderId, seq, news } = of;
  const order = await findOrder(orderId);
  if (order === null || (news === 'ready' && order.mode === 'delivery')) return;
  if (!(await getPreferences(order.customerId)).channels.orderUpdates.push) return;
  const { title, body } = NEWS[news];
  const text = typeof body === 'string' ? body : await body(order);
  if (text === null) return;
  const message = { title, body: text, type: `order.${news}`, link: appLink(`/orders/${orderId}`) };
  await pushOnce(`${news}-${orderId}-${seq}`, [order.customerId], message);
}

/** As many changes as a lock screen has room for. */
const MOST_CHANGES = 2;

/** Null: it was settled meanwhile. */
async function askedOf(order: OrderRecord): Promise<string | null> {
  const amendment = order.openAmendmentId === null ? null : await findAmendment(order.openAmendmentId);
  if (amendment?.status !== 'proposed') return null;
  const changes = changeTexts(order, amendment);
  const more = changes.length - MOST_CHANGES;
  const told = [...changes.slice(0, MOST_CHANGES), ...(more > 0 ? [`${more} more`] : [])].join('; ');
  return `${told}. Answer by ${localTime(order, amendment.expiresAt)}, or what you chose is done.`;
}
