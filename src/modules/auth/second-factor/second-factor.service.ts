import { AppError, isAppError } from '../../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import type { Client } from '../../../shared/client.ts';
import { newId } from '../../../shared/ids.ts';
import { getUser, setSecondFactor, type UserRecord } from '../../users/index.ts';
import { accountChanged, type AccountChangeName } from '../auth.events.ts';
import { issueDeviceToken } from '../device-token.ts';
import { needsSecondFactor, openLogIn, type LoggedIn } from '../log-in.service.ts';
import { assertIsPresent } from '../reauthentication.service.ts';
import type { SessionRow } from '../sessions/session.model.ts';
import { holdSession } from '../sessions/sessions.service.ts';
import {
  confirmFactor,
  removeFactor,
  replaceRecoveryCodes,
  spendProof,
  startFactor,
  type Proof,
} from './factors.service.ts';
import { otpauthUri } from './totp.ts';

export interface NewFactor {
  /** Base32, to be typed. */
  secret: string;
  /** The same, to be scanned. */
  otpauthUri: string;
}

export interface WithRecoveryCodes {
  loggedIn: LoggedIn;
  /** Shown this once. */
  recoveryCodes: string[];
}

/** The session or the challenge that asks: what has ended since cannot bring it back to life. */
type ShownBy = Pick<SessionRow, 'userId' | 'sessionVersion'>;

interface Password {
  password?: string | undefined;
}

/**
 * Nothing is guarded before the first code has come: see `confirmSecondFactor`.
 * @throws AppError `password_wrong`, `log_in_again` (no password, and no log-in of just now), `email_not_verified`,
 *   `mfa_already_enabled`
 */
export async function setUpSecondFactor(input: Password, actor: Actor): Promise<NewFactor> {
  await assertIsPresent(input, actor);
  return beginFactor(await getUser(actor.userId));
}

/**
 * From here on a log-in needs both. Every session was opened with one, and ends; the caller gets a new one.
 * @throws AppError `mfa_not_enabled` (nothing begun), `mfa_already_enabled`, `mfa_code_invalid`
 */
export async function confirmSecondFactor(code: string, actor: Actor, client: Client): Promise<WithRecoveryCodes> {
  return withTransaction(async (tx) => {
    const session = await holdSession(tx, actor);
    const { user, recoveryCodes } = await enableFactor(tx, session, code);
    return { loggedIn: await continueLogIn(tx, user, { client, session }), recoveryCodes };
  }).catch(noteWrongCode(actor.userId));
}

/**
 * A session alone does not do it: the second factor is asked for, and the password where there is one. Every session ends; the
 * caller gets a new one (ASVS 7.4.3).
 * @throws AppError `mfa_mandatory`, `mfa_not_enabled`, `password_wrong`, `mfa_code_invalid`
 */
export async function disableSecondFactor(
  { password, proof }: Password & { proof: Proof },
  actor: Actor,
  client: Client,
): Promise<LoggedIn> {
  const { userId } = actor;
  if (needsSecondFactor(actor.roles)) throw new AppError('mfa_mandatory');
  const { hasSecondFactor, hasPassword } = await getUser(userId);
  if (!hasSecondFactor) throw new AppError('mfa_not_enabled');
  if (hasPassword) await assertIsPresent({ password }, actor);
  return withTransaction(async (tx) => {
    const session = await holdSession(tx, actor);
    await spendProof(tx, userId, proof);
    await removeFactor(tx, userId);
    const user = await changeFactor(tx, session, false);
    return continueLogIn(tx, user, { client, session });
  }).catch(noteWrongCode(userId));
}

/** @throws AppError `mfa_not_enabled`, `mfa_code_invalid` */
export async function renewRecoveryCodes(code: string, actor: Actor): Promise<{ recoveryCodes: string[] }> {
  const { userId } = actor;
  const { hasSecondFactor } = await getUser(userId);
  if (!hasSecondFactor) throw new AppError('mfa_not_enabled');
  return withTransaction(async (tx) => {
    await holdSession(tx, actor);
    await spendProof(tx, userId, { code });
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await recordAudit(tx, { event: 'mfa.recovery_codes_renewed', subjectId: userId });
    await tellOwner(tx, userId, 'mfa_recovery_codes_renewed');
    return { recoveryCodes };
  }).catch(noteWrongCode(userId));
}

/**
 * Whoever sets up an app for an address that they cannot read would lock its owner out.
 * @throws AppError `email_not_verified`, `mfa_already_enabled`
 */
export async function beginFactor({ id, email, emailVerifiedAt }: UserRecord): Promise<NewFactor> {
  if (emailVerifiedAt === null) throw new AppError('email_not_verified');
  const secret = await startFactor(id);
  return { secret, otpauthUri: otpauthUri(secret, email) };
}

/**
 * Ends every session of the account.
 * @throws AppError `mfa_not_enabled` (nothing begun), `mfa_already_enabled`, `mfa_code_invalid`
 */
export async function enableFactor(tx: Tx, by: ShownBy, code: string) {
  const recoveryCodes = await confirmFactor(tx, by.userId, code);
  return { user: await changeFactor(tx, by, true), recoveryCodes };
}

/** Somebody with the paper in hand may have the phone no more, or be somebody else: the owner hears of it. */
export async function noteRecoveryCodeUse(tx: Tx, userId: string): Promise<void> {
  await recordAudit(tx, { event: 'mfa.recovery_code_used', actorId: userId, subjectId: userId });
  await tellOwner(tx, userId, 'mfa_recovery_code_used');
}

async function changeFactor(tx: Tx, by: ShownBy, isEnabled: boolean): Promise<UserRecord> {
  const { userId } = by;
  const user = await setSecondFactor(tx, by, isEnabled);
  await recordAudit(tx, { event: isEnabled ? 'mfa.enabled' : 'mfa.disabled', actorId: userId, subjectId: userId });
  await tellOwner(tx, userId, isEnabled ? 'mfa_enabled' : 'mfa_disabled');
  afterCommit(tx, () => {
    cutSockets(`user:${userId}`);
  });
  return user;
}

async function tellOwner(tx: Tx, userId: string, change: AccountChangeName): Promise<void> {
  await appendOutbox(tx, [accountChanged({ userId, noticeId: newId(), change })]);
}

/** In place of the session that the change has ended: on the same device, opened the same way. */
async function continueLogIn(tx: Tx, user: UserRecord, { client, session }: Continued): Promise<LoggedIn> {
  const { method, deviceId } = session;
  return openLogIn(tx, user, { method, client: { ...client, deviceToken: issueDeviceToken(user.email, deviceId) } });
}

interface Continued {
  client: Client;
  session: Pick<SessionRow, 'method' | 'deviceId'>;
}

function noteWrongCode(userId: string): (error: unknown) => never {
  return (error) => {
    if (isAppError(error, 'mfa_code_invalid')) noteSecurityEvent({ event: 'mfa.failed', subjectId: userId });
    throw error;
  };
}
