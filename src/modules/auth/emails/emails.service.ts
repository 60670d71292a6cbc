import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { changeEmail, getUser, markEmailVerified } from '../../users/index.ts';
import { accountChanged } from '../auth.events.ts';
import type { AccountLinkRow } from '../links/account-link.model.ts';
import { claimLink, closeLinks, getOpenLink, requestLink, type OpenLink } from '../links/account-links.service.ts';
import { getPasswordOwner } from '../passwords/passwords.service.ts';

/**
 * The link of a mail was followed: the address is its reader's. A link to a new address makes it the account's.
 * @throws AppError `link_invalid`, `email_taken` (somebody else has the new address by now)
 */
export async function verifyEmail(token: string): Promise<void> {
  const link = await getOpenLink(token, ['verify', 'change_email']);
  await withTransaction(async (tx) => {
    await claimLink(tx, link);
    const isDone = await (isChange(link) ? moveAccount(tx, link) : proveAddress(tx, link));
    if (!isDone) throw new AppError('link_invalid');
  });
}

/** Mails the link once more. @throws AppError `email_already_verified`, `not_found` */
export async function requestEmailVerification(userId: string): Promise<void> {
  const { email, emailVerifiedAt } = await getUser(userId);
  if (emailVerifiedAt !== null) throw new AppError('email_already_verified');
  await withTransaction(async (tx) => {
    await requestLink(tx, { kind: 'verify', email, userId });
  });
}

/**
 * Mails a link to the new address; the account moves when it is followed. Whether somebody else has the address is told only to
 * who reads its mail.
 * @throws AppError `password_not_set`, `password_wrong`, `email_taken` (it is the account's already), `overloaded`
 */
export async function requestEmailChange(
  { email, password }: { email: string; password: string },
  userId: string,
): Promise<void> {
  const owner = await getPasswordOwner(userId, password);
  if (owner.email === email) throw new AppError('email_taken');
  await withTransaction(async (tx) => {
    await requestLink(tx, { kind: 'change_email', email, userId, previousEmail: owner.email });
  });
}

type ChangeLink = OpenLink & { previousEmail: string };

function isChange(link: OpenLink): link is ChangeLink {
  const { kind, previousEmail }: AccountLinkRow = link;
  return kind === 'change_email' && previousEmail !== null;
}

async function proveAddress(tx: Tx, { userId, email }: OpenLink): Promise<boolean> {
  const isProven = await markEmailVerified(tx, userId, email);
  if (isProven) await recordAudit(tx, { event: 'email.verified', actorId: userId, subjectId: userId });
  return isProven;
}

async function moveAccount(tx: Tx, { _id, userId, email, previousEmail }: ChangeLink): Promise<boolean> {
  const isMoved = await changeEmail(tx, userId, { from: previousEmail, to: email });
  if (!isMoved) return false;
  // What was mailed to the old address is good for nothing any more.
  await closeLinks(tx, userId, ['reset', 'verify', 'change_email']);
  await recordAudit(tx, {
    event: 'email.changed',
    actorId: userId,
    subjectId: userId,
    before: { email: masked(previousEmail) },
    after: { email: masked(email) },
  });
  await appendOutbox(tx, [accountChanged({ userId, noticeId: _id, change: 'email_changed' })]);
  return true;
}

/** The audit is never erased, so it holds no whole address: `a***@example.com`. */
function masked(email: string): string {
  return email.replace(/^(.)[^@]*/u, '$1***');
}
