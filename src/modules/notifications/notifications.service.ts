import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { sendMail, wasRefused } from '../../infra/mail/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { findOrder, type OrderRecord } from '../orders/index.ts';
import { getUser } from '../users/index.ts';
import { NotificationModel, type MailKind, type NotificationRow } from './notification.model.ts';
import { orderMailData } from './order-mail.ts';

interface PromisedMail {
  kind: MailKind;
  /** The user or order it is about. */
  subjectId: string;
  recipientId: string;
  subject: string;
  data: Record<string, unknown>;
}

const possibleDuplicates = counter(
  'quickbite_mail_possible_duplicates_total',
  'Mails sent again because nobody knows whether the first copy went out',
  ['kind'],
);

/**
 * Prints nothing that was typed at sign-up: the address is not verified, and nobody shall mail strangers through us.
 * @throws AppError `not_found`
 */
export async function sendWelcome(userId: string): Promise<void> {
  await sendOnce({
    kind: 'welcome',
    subjectId: userId,
    recipientId: userId,
    subject: 'Welcome to QuickBite',
    data: {},
  });
}

/** @throws AppError `not_found` */
export async function sendOrderConfirmation(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  await sendOnce({
    kind: 'order-confirmed',
    subjectId: orderId,
    recipientId: order.customerId,
    subject: `Your order ${order.number} is placed`,
    data: orderMailData(order),
  });
}

/** Line by line what was agreed in the quote. @throws AppError `not_found` */
export async function sendReceipt(orderId: string): Promise<void> {
  const order = await getOrder(orderId);
  await sendOnce({
    kind: 'receipt',
    subjectId: orderId,
    recipientId: order.customerId,
    subject: `Your receipt for order ${order.number}`,
    data: orderMailData(order),
  });
}

/**
 * Hands the mail to the server once. Between the server's answer and the row `sent` lies the one window in which a crash makes a
 * second copy: it carries the same Message-ID, and is counted.
 */
async function sendOnce(mail: PromisedMail): Promise<void> {
  const { email, name } = await getUser(mail.recipientId);
  const notificationId = `${mail.kind}-${mail.subjectId}`;
  const isOurs = await claim(notificationId, mail);
  if (!isOurs) return;
  try {
    await sendMail({
      to: email,
      subject: mail.subject,
      template: mail.kind,
      data: { ...mail.data, subject: mail.subject, name },
      messageId: notificationId,
    });
  } catch (error) {
    const status = wasRefused(error) ? 'refused' : 'sending';
    await change(notificationId, { status, claimedUntil: now() });
    throw error;
  }
  await change(notificationId, { status: 'sent', sentAt: now() });
}

/**
 * One attempt at a time: the claim lasts as long as a worker may hold its job, so that a job that comes back after a crash finds it
 * run out. False when the mail was sent before.
 * @throws Error while another attempt is under way; the job tries again
 */
async function claim(notificationId: string, { kind, subjectId, recipientId }: PromisedMail): Promise<boolean> {
  const at = now();
  try {
    const before = (await NotificationModel.collection.findOneAndUpdate(
      { _id: notificationId as never, status: { $ne: 'sent' }, claimedUntil: { $lte: at } },
      {
        $set: { status: 'sending', claimedUntil: addMs(at, config.worker.jobLockMs) },
        $inc: { attempts: 1 },
        $setOnInsert: { kind, subjectId, recipientId, createdAt: at, sentAt: null },
      },
      { upsert: true, returnDocument: 'before' },
    )) as NotificationRow | null;
    if (before?.status === 'sending') notePossibleDuplicate(notificationId, kind);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // There is a row that the filter leaves out.
    if ((await findStatus(notificationId)) === 'sent') return false;
    throw new Error(`another attempt to send ${notificationId} is under way`, { cause: error });
  }
}

function notePossibleDuplicate(notificationId: string, kind: MailKind): void {
  possibleDuplicates.inc({ kind });
  logger.warn({ notificationId }, 'mail sent again: an earlier attempt ended without an answer');
}

async function change(notificationId: string, set: Partial<NotificationRow>): Promise<void> {
  await NotificationModel.collection.updateOne({ _id: notificationId as never }, { $set: set });
}

async function findStatus(notificationId: string): Promise<NotificationRow['status'] | null> {
  const row = await NotificationModel.findById(notificationId, { status: 1 }).lean<Pick<NotificationRow, 'status'>>();
  return row?.status ?? null;
}

async function getOrder(orderId: string): Promise<OrderRecord> {
  const order = await findOrder(orderId);
  if (order === null) throw new AppError('not_found');
  return order;
}
