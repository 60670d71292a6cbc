import type { Request } from 'express';
import { actorOf } from '../../../http/index.ts';
import { challengedAccount } from './challenge.ts';

/*
 * Whose second factor is guessed at, for the `secondFactorTarget` limit: who has the password may open challenge after challenge,
 * from address after address, and still gets no more guesses. Recovery codes are too long to be guessed and do not count, so that
 * an owner whose count somebody else has filled gets in with one of them.
 */

interface Guess {
  challenge?: unknown;
  code?: unknown;
}

export function challengeTarget(req: Request): string | null {
  const { challenge, code } = bodyOf(req);
  return typeof challenge === 'string' && code !== undefined ? challengedAccount(challenge) : null;
}

export function signedInTarget(req: Request): string | null {
  return bodyOf(req).code === undefined ? null : actorOf(req).userId;
}

function bodyOf(req: Request): Guess {
  return (req.body ?? {}) as Guess;
}
