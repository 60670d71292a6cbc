import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { noteSecurityEvent } from '../../../infra/audit/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { isSmsOn } from '../../../infra/sms/index.ts';
import type { Client } from '../../../shared/client.ts';
import { randomDigits } from '../../../shared/ids.ts';
import { findUser, findUserByEmail, findUserByPhone, type UserRecord } from '../../users/index.ts';
import { CODE_REQUESTED } from '../auth.events.ts';
import { finishLogIn, refuseLogIn, type LoggedIn } from '../log-in.service.ts';
import {
  beginRound,
  findRound,
  storeCode,
  takeCode,
  type CodeChannel,
  type CodeRef,
  type CodeRequest,
  type CodeTarget,
  type StoredRequest,
} from './code-state.ts';

/*
 * Six digits that show who holds a phone or reads a mailbox. The request writes down where the code shall go and promises it; the
 * worker looks for an account, makes the code and sends it. So the request cannot tell who has an account (bar.md case 10), and the
 * code exists in the message alone.
 */

export const CODE_LENGTH = 6;

export interface LogInTarget {
  channel: CodeChannel;
  /** Phone or e-mail in its one form. */
  target: string;
}

export interface IssuedCode extends LogInTarget {
  code: string;
  lifeSeconds: number;
}

/**
 * The same work and the same answer whether there is an account or not. A code logs in to an account that has proven the phone or
 * e-mail; it makes none.
 * @throws AppError `sms_unavailable`, `rate_limited` (guesses used up), `service_unavailable`
 */
export async function requestLogInCode({ channel, target }: LogInTarget): Promise<{ expiresInSeconds: number }> {
  return requestCode({ purpose: 'log-in', channel, target });
}

/**
 * @throws AppError `code_invalid`: wrong, spent, expired, of another target or purpose, or the guesses are used up; `account_suspended`,
 *   `mfa_required`, `service_unavailable`
 */
export async function logInWithCode(
  { code, ...aim }: LogInTarget & { code: string },
  client: Client,
): Promise<LoggedIn> {
  const of: CodeTarget = { purpose: 'log-in', ...aim };
  const userId = await takeCode(of, code);
  const user = userId === null ? null : await findUser(userId);
  // The account may have lost the phone or address since the code was sent.
  if (user === null || !isProven(user, aim)) throw refuseLogIn('code', new AppError('code_invalid'), userId);
  return finishLogIn(user, { method: 'code', client });
}

/**
 * For the job that sends it, at each of its attempts: a new code, which alone is good from now on.
 * @returns null when there is no account, or the request has been superseded or has expired
 * @throws AppError `service_unavailable`
 */
export async function issueCode(ref: CodeRef): Promise<IssuedCode | null> {
  const request = await findRound(ref);
  const user = request === null ? null : await findUserOf(request);
  if (request === null || user === null) return null;
  const code = randomDigits(CODE_LENGTH);
  if (!(await storeCode(ref, code, user.id))) return null;
  noteSecurityEvent({
    event: 'auth.code_sent',
    subjectId: user.id,
    after: { for: request.purpose, by: request.channel },
  });
  return { channel: request.channel, target: request.target, code, lifeSeconds: config.auth.codeTtlSeconds };
}

/** @throws AppError `sms_unavailable`, `rate_limited` (guesses used up), `service_unavailable` */
export async function requestCode(request: CodeRequest): Promise<{ expiresInSeconds: number }> {
  if (request.channel === 'sms' && !isSmsOn()) throw new AppError('sms_unavailable');
  const { channel } = request;
  // First: a promise without a state sends nothing, and a state without a promise is asked for again.
  const ref = await beginRound(request);
  await withTransaction((tx) => appendOutbox(tx, [{ event: CODE_REQUESTED, payload: { ...ref, channel } }]));
  return { expiresInSeconds: config.auth.codeTtlSeconds };
}

async function findUserOf({ purpose, channel, target, holderId }: StoredRequest): Promise<UserRecord | null> {
  if (purpose === 'verify-phone') {
    const holder = holderId === null ? null : await findUser(holderId);
    return holder?.status === 'active' ? holder : null;
  }
  const user = channel === 'sms' ? await findUserByPhone(target) : await findUserByEmail(target);
  return user?.status === 'active' && isProven(user, { channel, target }) ? user : null;
}

function isProven(user: UserRecord, { channel, target }: LogInTarget): boolean {
  if (channel === 'sms') return user.phone === target && user.phoneVerifiedAt !== null;
  return user.email === target && user.emailVerifiedAt !== null;
}
