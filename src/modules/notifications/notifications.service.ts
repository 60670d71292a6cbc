import { AppError } from '../../errors/index.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { findReceiptToMail } from '../reports/index.ts';
import { appLink } from './app-links.ts';
import { confirmationData, receiptData } from './order-mail.ts';
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
  await sendToCustomer(order, {
    ...{ kind: 'order-confirmed', subject: `Your order ${order.number} is placed`, isWanted },
    data: { ...confirmationData(order), link: appLink(`/orders/${orderId}`) },
  });
}

/**
 * Line by line what was paid for, and where the PDF is: a document of the purchase, which always goes out. Nothing for an order that
 * ended without costing anything. @throws AppError `not_found`
 */
export async function sendReceipt(orderId: string): Promise<void> {
  const receipt = findReceiptToMail(await getOrder(orderId));
  if (receipt === null) return;
  const { bill, url: receiptLink } = receipt;
  await sendToCustomer(bill, {
    ...{ kind: 'receipt', subject: `Your receipt for order ${bill.number}` },
    data: { ...receiptData(bill), receiptLink },
  });
}

type OrderMail = Pick<PromisedMail, 'isWanted'> & {
  kind: 'order-confirmed' | 'receipt';
  subject: string;
  data: Record<string, unknown>;
};

async function sendToCustomer(order: OrderRecord, { data, ...mail }: OrderMail): Promise<void> {
  const recipient = await findRecipient(order.customerId);
  if (recipient === null) return;
  const { to, greeting } = recipient;
  await sendOnce({ ...mail, subjectId: order._id, to, data: { ...data, greeting } });
}

async function getOrder(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new AppError('not_found');
  return order;
}
