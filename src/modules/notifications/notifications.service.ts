import { AppError } from '../../errors/index.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { orderMailData } from './order-mail.ts';
import { findRecipient, sendOnce } from './send-once.service.ts';

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

/** @throws AppError `not_found` */
export async function sendOrderConfirmation(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  await sendToCustomer(order, 'order-confirmed', `Your order ${order.number} is placed`);
}

/** Line by line what was agreed in the quote. @throws AppError `not_found` */
export async function sendReceipt(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  await sendToCustomer(order, 'receipt', `Your receipt for order ${order.number}`);
}

async function sendToCustomer(order: OrderRecord, kind: 'order-confirmed' | 'receipt', subject: string): Promise<void> {
  const recipient = await findRecipient(order.customerId);
  if (recipient === null) return;
  const { to, greeting } = recipient;
  await sendOnce({ kind, subjectId: order._id, to, subject, data: { ...orderMailData(order), greeting } });
}

async function getOrder(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new AppError('not_found');
  return order;
}
