import { AppError } from '../../errors/index.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { orderMailData } from './order-mail.ts';
import { getPreferences } from '../users/index.ts';
import { findRecipient, sendOnce, type PromisedMail } from './send-once.service.ts';

/** Prints nothing that was typed at sign-up: the address is not verified, and nobody shall mail strangers through us. */
export async function sendWelcome(userId: string): Promise<void> {
  const recipient = await findRecipient(userId);
  if (recipient === null) return;
  await sendOnce({
    kind: 'welcome',
    subjectId: userId,
    to: recipient.to,
    subject: 'Welcome to QuickBite',
    data: {},
  });
}

/** Not to who wants no mails about orders. @throws AppError `not_found` */
export async function sendOrderConfirmation(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  const isWanted = async () => (await getPreferences(order.customerId)).channels.orderUpdates.email;
  await sendToCustomer(order, { kind: 'order-confirmed', subject: `Your order ${order.number} is placed`, isWanted });
}

/** Line by line what was agreed in the quote: a document of the purchase, which always goes out. @throws AppError `not_found` */
export async function sendReceipt(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  await sendToCustomer(order, { kind: 'receipt', subject: `Your receipt for order ${order.number}` });
}

type OrderMail = Pick<PromisedMail, 'isWanted'> & { kind: 'order-confirmed' | 'receipt'; subject: string };

async function sendToCustomer(order: OrderRecord, mail: OrderMail): Promise<void> {
  const recipient = await findRecipient(order.customerId);
  if (recipient === null) return;
  const { to, greeting } = recipient;
  await sendOnce({ ...mail, subjectId: order._id, to, data: { ...orderMailData(order), greeting } });
}

async function getOrder(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new AppError('not_found');
  return order;
}
