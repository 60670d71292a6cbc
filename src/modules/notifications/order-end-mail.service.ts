import { findEndOf, findOrder, findOrderEvent, type OrderMessage } from '../orders/index.ts';
import { appLink } from './app-links.ts';
import { moneyText } from './money-text.ts';
import { letterTo, localTime } from './order-news-mail.service.ts';
import { endMoneyText, endText, reasonText } from './order-end-text.ts';
import { sendOnce } from './send-once.service.ts';

/** One mail per order that ends without food: that it does, why, and what becomes of the money. */
export async function sendOrderEnded({ orderId }: { orderId: string }): Promise<void> {
  const prepare = async () => {
    const order = await findOrder(orderId);
    if (order === null) return null;
    const event = await findEndOf(order);
    const facts = { by: event?.actor.role ?? 'system', data: event?.data ?? {} };
    const end = endText(order, facts);
    if (end === null) return null;
    const { subject, text, isOursToMend } = end;
    const others = isOursToMend ? appLink('/restaurants') : null;
    return letterTo(order, {
      subject: `Your order ${order.number}${subject}`,
      data: { text, reason: reasonText(order, facts), money: endMoneyText(order, facts), others },
    });
  };
  await sendOnce({ kind: 'order-ended', subjectId: orderId, prepare });
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

const TIPS: Partial<Record<OrderMessage['type'], { subject: string; text: string }>> = {
  'order.tipped': {
    subject: 'for the courier of your order',
    text: 'was taken from your card for the courier. All of it is theirs, and your receipt shows it.',
  },
  'order.tip_refunded': {
    subject: 'of your tip is on its way back: order',
    text: 'of what you gave the courier was sent back to your card. A bank may need some days to show it.',
  },
};

/** A payment of its own beside the bill: a mail when it is taken, and one for each part that goes back. */
export async function sendTip({ orderId, seq }: { orderId: string; seq: number }): Promise<void> {
  const prepare = async () => {
    const [order, event] = [await findOrder(orderId), await findOrderEvent(orderId, seq)];
    const tip = event === null ? undefined : TIPS[event.type];
    if (order === null || event === null || tip === undefined) return null;
    const amount = moneyText(Number(event.data['amountMinor']), order.currency);
    const { subject, text } = tip;
    return letterTo(order, { subject: `${amount} ${subject} ${order.number}`, data: { amount, text } });
  };
  await sendOnce({ kind: 'order-tip', subjectId: `${orderId}-${seq}`, prepare });
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
