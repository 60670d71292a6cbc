import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { changeEmail, getUser, markEmailVerified } from '../../users/index.ts';
import { accountChanged } from '../auth.events.ts';
import type { AccountLinkRow } from '../links/account-link.model.ts';
import { claimLink, closeLinks, getOpenLink, requestLink, type OpenLink } from '../links/account-links.service.ts';
import { maskedEmail } from '../masked.ts';
import { getPasswordOwner } from '../passwords/passwords.service.ts';
import { holdSession } from '../sessions/sessions.service.ts';

/**
 * The link of a mail was followed by the person in the account's session, who thus reads that mailbox. Without a session the owner of
 * an address would vouch, by a click, for an account that a stranger has made with it. A link to a new address makes it the
 * account's, and ends every session: one logs in with the new address.
 * @throws AppError `link_invalid`, also for the link of another account, which stays good; `email_taken` (somebody else has the new
 *   address by now), `unauthenticated`
 */
export async function verifyEmail(token: string, actor: Actor): Promise<void> {
  const link = await getOpenLink(token, ['verify', 'change_email']);
  if (link.userId !== actor.userId) throw new AppError('link_invalid');
  await withTransaction(async (tx) => {
    await holdSession(tx, actor);
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
 * who reads its mail. A link that was asked for with a password that is not the account's any more is dead.
 * @throws AppError `password_not_set`, `password_wrong`, `email_taken` (it is the account's already), `unauthenticated`,
 *   `overloaded`
 */
export async function requestEmailChange(
  { email, password }: { email: string; password: string },
  actor: Actor,
): Promise<void> {
  const { userId } = actor;
  const owner = await getPasswordOwner(userId, password);
  if (owner.email === email) throw new AppError('email_taken');
  await withTransaction(async (tx) => {
    const { sessionVersion } = await holdSession(tx, actor);
    await requestLink(tx, { kind: 'change_email', email, userId, previousEmail: owner.email, sessionVersion });
    await recordAudit(tx, {
      event: 'email.change_requested',
      subjectId: userId,
      before: { email: maskedEmail(owner.email) },
      after: { email: maskedEmail(email) },
    });
  });
}

type ChangeLink = OpenLink & { previousEmail: string; sessionVersion: number };

function isChange(link: OpenLink): link is ChangeLink {
  const { kind, previousEmail, sessionVersion }: AccountLinkRow = link;
  return kind === 'change_email' && previousEmail !== null && sessionVersion !== null;
}

async function proveAddress(tx: Tx, { userId, email }: OpenLink): Promise<boolean> {
  const isProven = await markEmailVerified(tx, userId, email);
  if (isProven) await recordAudit(tx, { event: 'email.verified', actorId: userId, subjectId: userId });
  return isProven;
}

async function moveAccount(tx: Tx, { _id, userId, email, ...before }: ChangeLink): Promise<boolean> {
  const { previousEmail, sessionVersion } = before;
  const moved = await changeEmail(tx, userId, { from: { email: previousEmail, sessionVersion }, to: email });
  if (moved === null) return false;
  // What was mailed to the old address is good for nothing any more.
  await closeLinks(tx, userId, ['reset', 'verify', 'change_email']);
  await recordAudit(tx, {
    event: 'email.changed',
    actorId: userId,
    subjectId: userId,
    before: { email: maskedEmail(previousEmail) },
    after: { email: maskedEmail(email) },
  });
  // An address that was never proven may be a stranger's, who has nothing to do with the account.
  if (moved.wasProven) await appendOutbox(tx, [accountChanged({ userId, noticeId: _id, change: 'email_changed' })]);
  afterCommit(tx, () => {
    cutSockets(`user:${userId}`);
  });
  return true;
}
