import type { Tx } from '../../infra/mongo/index.ts';
import { AccountLinkModel } from './links/account-link.model.ts';
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
 * Every way in, and the trace of each. Refresh tokens hold nothing but hashes: without their session they are worth nothing, and leave
 * with their life. `email`: null once it is forgotten.
 */
export async function forgetLogIns(tx: Tx, { userId, email }: { userId: string; email: string | null }): Promise<void> {
  await SessionModel.collection.deleteMany({ userId }, { session: tx });
  await forgetOtherWaysIn(tx, userId);
  await AccountLinkModel.collection.deleteMany({ userId }, { session: tx });
  if (email !== null) await AccountLinkModel.collection.deleteMany({ email }, { session: tx });
}

/** Beside the password: providers and the second factor. */
export async function forgetOtherWaysIn(tx: Tx, userId: string): Promise<void> {
  await IdentityModel.collection.deleteMany({ userId }, { session: tx });
  await SecondFactorModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}
