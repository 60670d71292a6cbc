import { TOTP } from 'otpauth';
import { withTransaction } from '../../src/infra/mongo/index.ts';
import { startFactor } from '../../src/modules/auth/second-factor/factors.service.ts';
import { enableFactor } from '../../src/modules/auth/second-factor/second-factor.service.ts';
import { UserModel, type UserRow } from '../../src/modules/users/user.model.ts';
import { nowMs } from '../../src/shared/clock.ts';
import { createUser } from '../factories/user.ts';
import { errorOf } from './responses.ts';

const STEP_MS = 30_000;

export interface Guarded {
  user: UserRow;
  /** Base32. */
  secret: string;
  recoveryCodes: string[];
}

/** What the app shows so many steps of 30 seconds from now. */
export function codeOf(secret: string, stepsAhead = 0): string {
  return new TOTP({ secret }).generate({ timestamp: nowMs() + stepsAhead * STEP_MS });
}

/** Six digits that are right in no step of the window. */
export function wrongCode(secret: string): string {
  const right = [-1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return ['000000', '111111', '222222', '333333', '444444'].find((code) => !right.includes(code)) ?? '';
}

/** A user whose app has shown its first code one step ago, so that the present one is unused. */
export async function createGuardedUser(changes: Partial<UserRow> = {}): Promise<Guarded> {
  const { _id: userId, sessionVersion } = await createUser(changes);
  const secret = await startFactor(userId);
  const { recoveryCodes } = await withTransaction((tx) =>
    enableFactor(tx, { userId, sessionVersion }, codeOf(secret, -1)),
  );
  const user = await UserModel.findById(userId).lean<UserRow>();
  if (user === null) throw new Error('the user is gone');
  return { user, secret, recoveryCodes };
}

/** The challenge in a log-in's refusal. */
export function challengeIn(res: Parameters<typeof errorOf>[0]): string {
  const { code, details } = errorOf(res);
  if (code !== 'mfa_required') throw new Error(`not mfa_required: ${res.text}`);
  return (details as { challenge: string }).challenge;
}
