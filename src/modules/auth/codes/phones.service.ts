import { AppError } from '../../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { newId } from '../../../shared/ids.ts';
import { removePhone as takePhoneOff, takePhone } from '../../users/index.ts';
import { accountChanged } from '../auth.events.ts';
import { maskedPhone } from '../masked.ts';
import { assertIsPresent } from '../reauthentication.service.ts';
import { holdSession } from '../sessions/sessions.service.ts';
import { takeCode, type CodeTarget } from './code-state.ts';
import { requestCode } from './codes.service.ts';

/** Codes sent to a proven phone open the account: who has no more than a token can neither set one nor take it off. */

interface Password {
  password?: string | undefined;
}

interface PhoneCode {
  phone: string;
  code: string;
}

/**
 * @throws AppError `password_wrong`, `log_in_again` (no password, and no log-in of just now), `sms_unavailable`, `rate_limited`
 *   (guesses used up), `service_unavailable`, `overloaded`
 */
export async function requestPhoneVerification(
  { phone, ...shown }: { phone: string } & Password,
  actor: Actor,
): Promise<{ expiresInSeconds: number }> {
  await assertIsPresent(shown, actor);
  return requestCode({ ...phoneOf(phone), holderId: actor.userId });
}

/**
 * The number becomes the account's, proven, and is taken from an account that only claimed it. Whether another account has proven it
 * is said to nobody but its holder: after the code.
 * @throws AppError `code_invalid`, `phone_taken`, `unauthenticated`, `service_unavailable`
 */
export async function verifyPhone({ phone, code }: PhoneCode, actor: Actor): Promise<void> {
  const { userId } = actor;
  const taken = await takeCode({ ...phoneOf(phone), holderId: userId }, code);
  if (taken === null) {
    noteSecurityEvent({ event: 'auth.code_failed', subjectId: userId, reason: 'code_invalid' });
    throw new AppError('code_invalid');
  }
  await withTransaction(async (tx) => {
    await holdSession(tx, actor);
    const { claimedById, replaced } = await takePhone(tx, userId, phone);
    const before = {
      ...(claimedById === null ? {} : { claimedById }),
      ...(replaced === null ? {} : { phone: maskedPhone(replaced) }),
    };
    await recordAudit(tx, {
      event: 'phone.verified',
      subjectId: userId,
      ...(Object.keys(before).length === 0 ? {} : { before }),
      after: { phone: maskedPhone(phone) },
    });
    const change = replaced === null ? 'phone_verified' : 'phone_replaced';
    await appendOutbox(tx, [accountChanged({ userId, noticeId: newId(), change })]);
  });
}

/** @throws AppError `password_wrong`, `log_in_again`, `not_found` (there is none), `unauthenticated`, `overloaded` */
export async function removePhone(shown: Password, actor: Actor): Promise<void> {
  await assertIsPresent(shown, actor);
  const { userId } = actor;
  await withTransaction(async (tx) => {
    await holdSession(tx, actor);
    const phone = await takePhoneOff(tx, userId);
    if (phone === null) throw new AppError('not_found');
    await recordAudit(tx, { event: 'phone.removed', subjectId: userId, before: { phone: maskedPhone(phone) } });
    await appendOutbox(tx, [accountChanged({ userId, noticeId: newId(), change: 'phone_removed' })]);
  });
}

function phoneOf(phone: string): CodeTarget {
  return { purpose: 'verify-phone', channel: 'sms', target: phone };
}
