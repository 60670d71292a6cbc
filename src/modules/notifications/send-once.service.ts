import { config } from '../../config/index.ts';
import { isDuplicateKey } from '../../errors/index.ts';
import { sendMail, wasRefused } from '../../infra/mail/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { findUser } from '../users/index.ts';
import { NotificationModel, type MailKind, type NoticeKind, type NotificationRow } from './notification.model.ts';

export interface Letter {
  to: string;
  subject: string;
  /** What the template prints; the subject is added. */
  data: Record<string, unknown>;
}

interface Promised {
  kind: MailKind;
  /** What the mail is about: user, order, link, code. There is one mail per kind and subject. */
  subjectId: string;
}

/** Runs once per attempt, after the claim; null: there is nothing to send (any more), and the promise is kept. */
type PrepareLetter = () => Promise<Letter | null>;

/**
 * The plain form sends the same letter at each attempt, under one Message-ID. With `prepare` each attempt has a letter of its own,
 * because it carries a secret that is stored nowhere and therefore made anew: the last one is good.
 */
export type PromisedMail = Promised & {
  /** Asked after the claim: whether the person wants it at all. Left out: yes. */
  isWanted?: () => Promise<boolean>;
} & (Letter | { prepare: PrepareLetter });

const possibleDuplicates = counter(
  'quickbite_mail_possible_duplicates_total',
  'Mails sent again because nobody knows whether the first copy went out',
  ['kind'],
);

/**
 * Hands the mail to the server once. Between the server's answer and the row `sent` lies the one window in which a crash makes a
 * second copy: it is counted.
 * @throws what `prepare` or the mail server throws; the caller is a job and retries
 */
export async function sendOnce(mail: PromisedMail): Promise<void> {
  const notificationId = `${mail.kind}-${mail.subjectId}`;
  const attempt = await claim(notificationId, mail);
  if (attempt === null) return;
  const letter = await letterOf(mail, { notificationId, attempt });
  if (letter === null) {
    await change(notificationId, { status: 'dropped' });
    return;
  }
  // Letters that differ must not be taken for copies of each other: readers show only the first of a Message-ID.
  const messageId = 'prepare' in mail ? `${notificationId}-${String(attempt)}` : notificationId;
  await handOver({ notificationId, attempt }, mail.kind, { ...letter, messageId });
  await change(notificationId, { status: 'sent', sentAt: now() });
}

/**
 * The same guard for what is no mail. `send` says false where there was nothing to send.
 * @throws what `send` throws; the caller is a job and retries
 */
export async function actOnce(
  promised: { kind: NoticeKind; subjectId: string },
  send: () => Promise<boolean>,
): Promise<void> {
  const notificationId = `${promised.kind}-${promised.subjectId}`;
  const attempt = await claim(notificationId, promised);
  if (attempt === null) return;
  try {
    await change(notificationId, (await send()) ? { status: 'sent', sentAt: now() } : { status: 'dropped' });
  } catch (error) {
    await giveBack({ notificationId, attempt }, 'refused');
    throw error;
  }
}

interface Attempt {
  notificationId: string;
  attempt: number;
}

interface Recipient {
  to: string;
  /** With the name only where the address is proven. */
  greeting: string;
  isProven: boolean;
}

export const NAMELESS = 'Hello,';

/** The person a mail goes to, or null when the account is gone. */
export async function findRecipient(userId: string): Promise<Recipient | null> {
  const user = await findUser(userId);
  if (user === null || user.status === 'deleted') return null;
  return { to: user.email, greeting: greetingOf(user, user.email), isProven: user.emailVerifiedAt !== null };
}

/** Without a name for an address that is not the account's, or not proven: nobody shall write to strangers through us. */
export function greetingOf(
  { name, email, emailVerifiedAt }: { name: string; email: string; emailVerifiedAt: Date | null },
  to: string,
): string {
  return to === email && emailVerifiedAt !== null ? `Hello ${name},` : NAMELESS;
}

async function letterOf(mail: PromisedMail, attempt: Attempt): Promise<Letter | null> {
  try {
    if (mail.isWanted !== undefined && !(await mail.isWanted())) return null;
    return 'prepare' in mail ? await mail.prepare() : mail;
  } catch (error) {
    await giveBack(attempt, 'refused');
    throw error;
  }
}

async function handOver(
  attempt: Attempt,
  template: MailKind,
  { to, subject, data, messageId }: Letter & { messageId: string },
): Promise<void> {
  try {
    await sendMail({ to, subject, template, data: { ...data, subject }, messageId });
  } catch (error) {
    const status = wasRefused(error) ? 'refused' : 'sending';
    await giveBack(attempt, status);
    throw error;
  }
}

/**
 * One attempt at a time: the claim lasts as long as a worker may hold its job, so that a job that comes back after a crash finds it
 * run out.
 * @returns the number of the attempt, from 1; null when the promise is kept
 * @throws Error while another attempt is under way; the job tries again
 */
async function claim(
  notificationId: string,
  { kind, subjectId }: { kind: NoticeKind; subjectId: string },
): Promise<number | null> {
  const at = now();
  try {
    const before = (await NotificationModel.collection.findOneAndUpdate(
      { _id: notificationId as never, status: { $nin: ['sent', 'dropped'] }, claimedUntil: { $lte: at } },
      {
        $set: { status: 'sending', claimedUntil: addMs(at, config.worker.jobLockMs) },
        $inc: { attempts: 1 },
        $setOnInsert: { kind, subjectId, createdAt: at, sentAt: null },
      },
      { upsert: true, returnDocument: 'before' },
    )) as NotificationRow | null;
    if (before?.status === 'sending') notePossibleDuplicate(notificationId, kind);
    return (before?.attempts ?? 0) + 1;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // There is a row that the filter leaves out.
    if (await isKept(notificationId)) return null;
    throw new Error(`another attempt to send ${notificationId} is under way`, { cause: error });
  }
}

function notePossibleDuplicate(notificationId: string, kind: NoticeKind): void {
  possibleDuplicates.inc({ kind });
  logger.warn({ notificationId }, 'mail sent again: an earlier attempt ended without an answer');
}

/** Not where a later attempt has taken over: a worker that was frozen meanwhile knows nothing of it (bar.md R3). */
async function giveBack({ notificationId, attempt }: Attempt, status: 'refused' | 'sending'): Promise<void> {
  await NotificationModel.collection.updateOne(
    { _id: notificationId as never, attempts: attempt, status: 'sending' },
    { $set: { status, claimedUntil: now() } },
  );
}

async function change(notificationId: string, set: Partial<NotificationRow>): Promise<void> {
  await NotificationModel.collection.updateOne({ _id: notificationId as never }, { $set: set });
}

async function isKept(notificationId: string): Promise<boolean> {
  const row = await NotificationModel.findById(notificationId, { status: 1 }).lean<Pick<NotificationRow, 'status'>>();
  return row?.status === 'sent' || row?.status === 'dropped';
}
