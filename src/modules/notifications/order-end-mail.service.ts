import { findOrder, findOrderEvent, type OrderRecord, type OrderStatus } from '../orders/index.ts';
import { appLink } from './app-links.ts';
import { moneyText } from './money-text.ts';
import { letterTo, localTime } from './order-news-mail.service.ts';
import { sendOnce } from './send-once.service.ts';

/** Ends without food, in the words of who waits for it. */
const ENDS: Partial<Record<OrderStatus, { subject: string; text: string; isOursToMend: boolean }>> = {
  expired: {
    subject: 'has come to nothing',
    text: 'came to nothing: it was not answered in time.',
    isOursToMend: true,
  },
  rejected: { subject: 'was refused', text: 'was refused by the restaurant.', isOursToMend: true },
  cancelled: { subject: 'is cancelled', text: 'is cancelled.', isOursToMend: false },
  failed: { subject: 'could not be delivered', text: 'could not be delivered.', isOursToMend: false },
  no_show: { subject: 'was not collected', text: 'was not collected in time.', isOursToMend: false },
};

/** One mail per order that ends without food: that it does, and what becomes of the money. */
export async function sendOrderEnded({ orderId }: { orderId: string }): Promise<void> {
  const prepare = async () => {
    const order = await findOrder(orderId);
    const end = order === null ? undefined : ENDS[order.status];
    if (order === null || end === undefined) return null;
    const { subject, text, isOursToMend } = end;
    const others = isOursToMend ? appLink('/restaurants') : null;
    return letterTo(order, {
      subject: `Your order ${order.number} ${subject}`,
      data: { text, money: moneyOf(order), others },
    });
  };
  await sendOnce({ kind: 'order-ended', subjectId: orderId, prepare });
}

/** As decided; the payment follows by itself, within minutes. */
function moneyOf({ amountDueMinor, paymentMethod, currency, placedAt, pricing }: OrderRecord): string {
  if (amountDueMinor > 0) {
    const due = moneyText(amountDueMinor, currency);
    return amountDueMinor < pricing.totalMinor
      ? `You are charged ${due} of it, and nothing else.`
      : `You are charged ${due}.`;
  }
  if (paymentMethod !== 'card' || placedAt === null) return 'You are charged nothing.';
  return 'You are charged nothing: what your card has paid, or holds for it, is given back. A bank may need some days to show it.';
}

/** What was given back beside an end or an amendment, whose own mail tells it: once per refund. */
export async function sendRefunded({ orderId, seq }: { orderId: string; seq: number }): Promise<void> {
  const event = await findOrderEvent(orderId, seq);
  if (event?.type !== 'payment.refunded' || event.data['cause'] === 'settlement') return;
  const { amountMinor, refundId } = event.data;
  const prepare = async () => {
    const order = await findOrder(orderId);
    if (order === null) return null;
    const amount = moneyText(Number(amountMinor), order.currency);
    return letterTo(order, { subject: `${amount} of your order ${order.number} is on its way back`, data: { amount } });
  };
  await sendOnce({ kind: 'order-refunded', subjectId: String(refundId), prepare });
}

/** The card was refused while the kitchen cooks: unless it is paid, or over, by the time the mail goes out. */
export async function sendPayAgain({ orderId, seq }: { orderId: string; seq: number }): Promise<void> {
  const prepare = async () => {
    const order = await findOrder(orderId);
    if (order?.payAgainUntil == null || order.endedAt !== null) return null;
    const payBy = localTime(order, order.payAgainUntil);
    return letterTo(order, { subject: `Your order ${order.number}: please pay again by ${payBy}`, data: { payBy } });
  };
  await sendOnce({ kind: 'pay-again', subjectId: `${orderId}-${seq}`, prepare });
}
