import { AppError } from '../../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Client } from '../../../shared/client.ts';
import { newId } from '../../../shared/ids.ts';
import { findUserWithPassword, setPassword, type UserWithPassword } from '../../users/index.ts';
import { accountChanged } from '../auth.events.ts';
import { issueDeviceToken, readDeviceToken } from '../device-token.ts';
import { claimLink, closeLinks, getOpenLink, requestLink } from '../links/account-links.service.ts';
import { openLogIn, type LoggedIn } from '../log-in.service.ts';
import { forgetOtherWaysIn } from '../personal-data.service.ts';
import { hashNewPassword } from './good-password.service.ts';
import { isPasswordOf } from './password-pool.ts';

/** Mails a link to the owner of the e-mail, if there is one. Nobody is looked up here: the answer cannot tell. */
export async function requestPasswordReset(email: string): Promise<void> {
  await withTransaction(async (tx) => {
    const linkId = await requestLink(tx, { kind: 'reset', email });
    await recordAudit(tx, { event: 'password.reset_requested', subjectId: linkId });
  });
}

/**
 * Nobody is logged in by it, so a second factor stays needed. The first proof of an address throws out whoever signed up with it
 * without having it: provider, phone and second factor go with the old password.
 * @throws AppError `link_invalid`, `password_too_common`, `overloaded`
 */
export async function resetPassword({ token, password }: { token: string; password: string }): Promise<void> {
  const link = await getOpenLink(token, ['reset']);
  const owner = await findUserWithPassword(link.userId);
  if (owner?.status !== 'active' || owner.email !== link.email) throw new AppError('link_invalid');
  const passwordHash = await hashNewPassword(password, owner);
  await withTransaction(async (tx) => {
    await claimLink(tx, link);
    const set = await setPassword(tx, link.userId, { passwordHash, instead: { email: link.email } });
    if (set === null) throw new AppError('link_invalid');
    const { user, wasProven } = set;
    if (!wasProven) await forgetOtherWaysIn(tx, user.id);
    await recordAudit(tx, { event: 'password.reset', actorId: user.id, subjectId: user.id });
    await followPasswordChange(tx, { userId: user.id, change: 'password_reset' });
  });
}

interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/**
 * Every session ends, and this device gets a new one.
 * @throws AppError `password_not_set`, `password_wrong`, `password_too_common`, `overloaded`
 */
export async function changePassword(
  { currentPassword, newPassword }: PasswordChange,
  userId: string,
  client: Client,
): Promise<LoggedIn> {
  const owner = await getPasswordOwner(userId, currentPassword);
  const passwordHash = await hashNewPassword(newPassword, owner);
  return withTransaction(async (tx) => {
    const set = await setPassword(tx, userId, { passwordHash, instead: { passwordHash: owner.passwordHash } });
    // It was changed while we were hashing, so it is not the current one any more.
    if (set === null) throw new AppError('password_wrong');
    const { user } = set;
    await recordAudit(tx, { event: 'password.changed', subjectId: userId });
    await followPasswordChange(tx, { userId, change: 'password_changed' });
    return openLogIn(tx, user, { method: 'password', client: asKnownDevice(client, user.email) });
  });
}

/**
 * For what asks the signed-in person for the password once more.
 * @throws AppError `password_not_set`, `password_wrong`, `not_found`, `overloaded`
 */
export async function getPasswordOwner(
  userId: string,
  password: string,
): Promise<UserWithPassword & { passwordHash: string }> {
  const user = await findUserWithPassword(userId);
  if (user === null) throw new AppError('not_found');
  const { passwordHash } = user;
  if (passwordHash === null) throw new AppError('password_not_set');
  if (await isPasswordOf(passwordHash, password)) return { ...user, passwordHash };
  noteSecurityEvent({ event: 'auth.log_in_failed', subjectId: userId, reason: 'password_wrong' });
  throw new AppError('password_wrong');
}

/** An open link from before could undo the change, or move the account to another address. */
async function followPasswordChange(
  tx: Tx,
  { userId, change }: { userId: string; change: 'password_reset' | 'password_changed' },
): Promise<void> {
  await closeLinks(tx, userId, ['reset', 'change_email']);
  await appendOutbox(tx, [accountChanged({ userId, noticeId: newId(), change })]);
  afterCommit(tx, () => {
    cutSockets(`user:${userId}`);
  });
}

/** Whoever changes the password here has just shown it: the device stays known, or becomes so, and nobody is warned of it. */
function asKnownDevice(client: Client, email: string): Client {
  const known = readDeviceToken(client.deviceToken, email);
  return { ...client, deviceToken: issueDeviceToken(email, known?.deviceId) };
}
