import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { findUserByEmail } from '../users/index.ts';
import { AccountLinkModel, type AccountLinkRow } from './links/account-link.model.ts';
import { SecondFactorModel } from './second-factor/second-factor.model.ts';
import { SessionModel, type SessionRow } from './sessions/session.model.ts';
import { IdentityModel, type IdentityRow } from './social/identity.model.ts';

/** From where and how the person got in. */
export async function exportLogIns(userId: string) {
  const [sessions, identities] = await Promise.all([
    SessionModel.find({ userId }).sort({ _id: -1 }).lean<SessionRow[]>(),
    IdentityModel.find({ userId }).lean<IdentityRow[]>(),
  ]);
  return {
    identities: identities.map(({ provider, email, linkedAt }) => ({ provider, email, linkedAt })),
    sessions: sessions.map(({ _id: id, method, userAgent, lastAddress, lastUsedAt, createdAt, revokedAt }) => {
      return { id, method, userAgent, lastAddress, lastUsedAt, createdAt, revokedAt };
    }),
  };
}

/**
 * The addresses that the account has moved away from, as long as the links that moved it are kept; without those that are somebody
 * else's by now. For `forgetLogIns` and its like, and before it.
 */
export async function findFormerEmails(tx: Tx, userId: string): Promise<string[]> {
  const moves = await AccountLinkModel.find({ userId, kind: 'change_email', usedAt: trusted({ $ne: null }) })
    .session(tx)
    .lean<AccountLinkRow[]>();
  const emails = [...new Set(moves.flatMap(({ previousEmail }) => previousEmail ?? []))];
  const owners = await Promise.all(emails.map(findUserByEmail));
  return emails.filter((_email, n) => [undefined, userId].includes(owners[n]?.id));
}

/**
 * Every way in, and the trace of each. Refresh tokens hold nothing but hashes: without their session they are worth nothing, and leave
 * with their life. `emails`: those of the person; none once they are forgotten.
 */
export async function forgetLogIns(
  tx: Tx,
  { userId, emails }: { userId: string; emails: readonly string[] },
): Promise<void> {
  await SessionModel.collection.deleteMany({ userId }, { session: tx });
  await forgetOtherWaysIn(tx, userId);
  await AccountLinkModel.collection.deleteMany({ userId }, { session: tx });
  await AccountLinkModel.collection.deleteMany({ email: { $in: [...emails] } }, { session: tx });
}

/** Beside the password: providers and the second factor. */
export async function forgetOtherWaysIn(tx: Tx, userId: string): Promise<void> {
  await IdentityModel.collection.deleteMany({ userId }, { session: tx });
  await SecondFactorModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}
