import { AppError, isAppError } from '../../../errors/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Client } from '../../../shared/client.ts';
import { newId } from '../../../shared/ids.ts';
import { findUser, type UserRecord } from '../../users/index.ts';
import { openLogIn, refuseLogIn, type LoggedIn } from '../log-in.service.ts';
import { claimChallenge, closeChallenge, readChallenge, takeTry, type Challenge } from './challenge.ts';
import { spendProof, type Proof } from './factors.service.ts';
import { beginFactor, enableFactor, noteRecoveryCodeUse, type NewFactor } from './second-factor.service.ts';

interface Verified {
  loggedIn: LoggedIn;
  /** Of a second factor that was set up on the way; shown this once. */
  recoveryCodes?: string[];
}

interface Attempt {
  challenge: string;
  proof: Proof;
}

/**
 * The second half of a log-in. Five tries a challenge, one session a challenge, one session a code.
 * @throws AppError `mfa_challenge_invalid`, `mfa_code_invalid`
 */
export async function verifySecondFactor({ challenge: token, proof }: Attempt, client: Client): Promise<Verified> {
  const challenge = await takeTry(token);
  const user = await findChallenged(challenge);
  // Of this request alone: see claimChallenge.
  const attemptId = newId();
  try {
    return await withTransaction(async (tx) => {
      const proven = await prove(tx, { challenge, user }, proof);
      await claimChallenge(token, attemptId);
      afterCommit(tx, () => closeChallenge(token));
      const loggedIn = await openLogIn(tx, proven.user, { method: challenge.method, client });
      return { loggedIn, ...proven.codes };
    });
  } catch (error) {
    // What ended the challenge came while the factor was set up.
    if (isAppError(error, 'unauthenticated')) throw new AppError('mfa_challenge_invalid', { cause: error });
    throw isAppError(error, 'mfa_code_invalid') ? refuseLogIn('mfa', error, user.id) : error;
  }
}

/**
 * A role that needs a second factor has none: the first one is set up with the log-in's challenge, which guesses nothing and counts
 * as no try.
 * @throws AppError `mfa_challenge_invalid`, also for a challenge that asks for a factor that is there; `mfa_already_enabled`,
 *   `email_not_verified` (a reset of the password proves it)
 */
export async function enrolSecondFactor(token: string): Promise<NewFactor> {
  const challenge = await readChallenge(token);
  if (!challenge.mustEnrol) throw new AppError('mfa_challenge_invalid');
  return beginFactor(await findChallenged(challenge));
}

interface Standing {
  challenge: Challenge;
  user: UserRecord;
}

async function prove(tx: Tx, { challenge, user }: Standing, proof: Proof) {
  if (!challenge.mustEnrol) {
    await spendProof(tx, user.id, proof);
    if ('recoveryCode' in proof) await noteRecoveryCodeUse(tx, user.id);
    return { user, codes: {} };
  }
  // There are no recovery codes yet.
  if (!('code' in proof)) throw new AppError('mfa_code_invalid');
  const enabled = await enableFactor(tx, challenge, proof.code);
  return { user: enabled.user, codes: { recoveryCodes: enabled.recoveryCodes } };
}

/** What ends the account's sessions ends its challenges: a new password, a suspension, other roles, log-out everywhere. */
async function findChallenged({ userId, sessionVersion }: Challenge): Promise<UserRecord> {
  const user = await findUser(userId);
  if (user?.status !== 'active' || user.sessionVersion !== sessionVersion) throw new AppError('mfa_challenge_invalid');
  return user;
}
