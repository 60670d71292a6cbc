import { AppError, isAppError } from '../../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import type { Client } from '../../../shared/client.ts';
import { newId } from '../../../shared/ids.ts';
import { findUserWithPassword, getUser, setSecondFactor, type UserRecord } from '../../users/index.ts';
import { ACCOUNT_CHANGED } from '../auth.events.ts';
import { needsSecondFactor, openLogIn, type LoggedIn } from '../log-in.service.ts';
import { isPasswordOf } from '../passwords/password-pool.ts';
import { SessionModel, type LogInMethod, type SessionRow } from '../sessions/session.model.ts';
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

interface Password {
  password?: string | undefined;
}

/**
 * Nothing is guarded before the first code has come: see `confirmSecondFactor`.
 * @throws AppError `password_wrong`, `mfa_already_enabled`
 */
export async function setUpSecondFactor({ password }: Password, { userId }: Actor): Promise<NewFactor> {
  const user = await assertPassword(userId, password);
  return beginFactor(user);
}

/**
 * From here on a log-in needs both. Every session was opened with one, and ends; the caller gets a new one.
 * @throws AppError `mfa_not_enabled` (nothing begun), `mfa_already_enabled`, `mfa_code_invalid`
 */
export async function confirmSecondFactor(code: string, actor: Actor, client: Client): Promise<WithRecoveryCodes> {
  const method = await methodOfSession(actor.sessionId);
  return withTransaction(async (tx) => {
    const { user, recoveryCodes } = await enableFactor(tx, actor.userId, code);
    return { loggedIn: await openLogIn(tx, user, { method, client }), recoveryCodes };
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
  const { hasSecondFactor } = await assertPassword(userId, password);
  if (!hasSecondFactor) throw new AppError('mfa_not_enabled');
  const method = await methodOfSession(actor.sessionId);
  return withTransaction(async (tx) => {
    await spendProof(tx, userId, proof);
    await removeFactor(tx, userId);
    const user = await changeFactor(tx, userId, false);
    return openLogIn(tx, user, { method, client });
  }).catch(noteWrongCode(userId));
}

/** @throws AppError `mfa_not_enabled`, `mfa_code_invalid` */
export async function renewRecoveryCodes(code: string, { userId }: Actor): Promise<{ recoveryCodes: string[] }> {
  const { hasSecondFactor } = await getUser(userId);
  if (!hasSecondFactor) throw new AppError('mfa_not_enabled');
  return withTransaction(async (tx) => {
    await spendProof(tx, userId, { code });
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await recordAudit(tx, { event: 'mfa.recovery_codes_renewed', subjectId: userId });
    await tellOwner(tx, userId, 'recovery_codes_renewed');
    return { recoveryCodes };
  }).catch(noteWrongCode(userId));
}

/** @throws AppError `mfa_already_enabled` */
export async function beginFactor({ id, email }: Pick<UserRecord, 'id' | 'email'>): Promise<NewFactor> {
  const secret = await startFactor(id);
  return { secret, otpauthUri: otpauthUri(secret, email) };
}

/**
 * Ends every session of the account.
 * @throws AppError `mfa_not_enabled` (nothing begun), `mfa_already_enabled`, `mfa_code_invalid`
 */
export async function enableFactor(tx: Tx, userId: string, code: string) {
  const recoveryCodes = await confirmFactor(tx, userId, code);
  return { user: await changeFactor(tx, userId, true), recoveryCodes };
}

/** Somebody with the paper in hand may have the phone no more, or be somebody else: the owner hears of it. */
export async function noteRecoveryCodeUse(tx: Tx, userId: string): Promise<void> {
  await recordAudit(tx, { event: 'mfa.recovery_code_used', actorId: userId, subjectId: userId });
  await tellOwner(tx, userId, 'recovery_code_used');
}

async function changeFactor(tx: Tx, userId: string, isEnabled: boolean): Promise<UserRecord> {
  const user = await setSecondFactor(tx, userId, isEnabled);
  await recordAudit(tx, { event: isEnabled ? 'mfa.enabled' : 'mfa.disabled', actorId: userId, subjectId: userId });
  await tellOwner(tx, userId, isEnabled ? 'mfa_enabled' : 'mfa_disabled');
  afterCommit(tx, () => {
    cutSockets(`user:${userId}`);
  });
  return user;
}

type FactorChange = 'mfa_enabled' | 'mfa_disabled' | 'recovery_code_used' | 'recovery_codes_renewed';

async function tellOwner(tx: Tx, userId: string, change: FactorChange): Promise<void> {
  await appendOutbox(tx, [{ event: ACCOUNT_CHANGED, payload: { userId, noticeId: newId(), change } }]);
}

/** An account that is entered by a provider or a code has none to ask for. */
async function assertPassword(userId: string, password: string | undefined): Promise<UserRecord> {
  const user = await findUserWithPassword(userId);
  if (user === null) throw new AppError('unauthenticated');
  const { passwordHash, ...record } = user;
  if (passwordHash !== null && !(await isPasswordOf(passwordHash, password ?? '')))
    throw new AppError('password_wrong');
  return record;
}

/** The new session was opened the way the old one was. */
async function methodOfSession(sessionId: string): Promise<LogInMethod> {
  const session = await SessionModel.findById(sessionId, { method: 1 }).lean<Pick<SessionRow, 'method'>>();
  if (session === null) throw new AppError('unauthenticated');
  return session.method;
}

function noteWrongCode(userId: string): (error: unknown) => never {
  return (error) => {
    if (isAppError(error, 'mfa_code_invalid')) noteSecurityEvent({ event: 'mfa.failed', subjectId: userId });
    throw error;
  };
}
