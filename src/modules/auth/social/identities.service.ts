import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { getUser } from '../../users/index.ts';
import { accountChanged } from '../auth.events.ts';
import { assertIsPresent } from '../reauthentication.service.ts';
import { holdSession } from '../sessions/sessions.service.ts';
import { IdentityModel, type IdentityRow } from './identity.model.ts';
import type { Profile } from './provider-client.ts';
import type { ProviderName } from './provider-names.ts';

/** One identity of each provider at most: the list has no pages. */
export async function listIdentities(userId: string): Promise<IdentityRow[]> {
  return IdentityModel.find({ userId }).sort({ provider: 1 }).lean<IdentityRow[]>();
}

export async function findIdentity({ provider, subject }: Profile): Promise<IdentityRow | null> {
  return IdentityModel.findOne({ provider, subject }).lean<IdentityRow>();
}

/**
 * The unique indexes decide whose an identity is; nobody looks first.
 * @throws AppError `identity_taken`: it opens another account, or this one has another of the provider
 */
export async function addIdentity(tx: Tx, profile: Profile, userId: string): Promise<IdentityRow> {
  const { provider, subject, email } = profile;
  const row: IdentityRow = { _id: newId(), userId, provider, subject, email, linkedAt: now(), removals: 0 };
  try {
    await IdentityModel.collection.insertOne(row as never, { session: tx });
  } catch (error) {
    throw isDuplicateKey(error) ? new AppError('identity_taken', { cause: error, info: { provider } }) : error;
  }
  await recordAudit(tx, { event: 'auth.identity_linked', actorId: userId, subjectId: userId, after: { provider } });
  return row;
}

/** Like `addIdentity`, for an account that was there before: its owner is told. */
export async function addIdentityWithNotice(tx: Tx, profile: Profile, userId: string): Promise<IdentityRow> {
  const row = await addIdentity(tx, profile, userId);
  await tellOwner(tx, userId, 'identity_linked');
  return row;
}

interface Unlinking {
  provider: ProviderName;
  password?: string | undefined;
}

/** @throws AppError `password_wrong`, `log_in_again`, `not_found`, `last_login_method`, `unauthenticated`, `overloaded` */
export async function unlinkIdentity({ provider, password }: Unlinking, actor: Actor): Promise<void> {
  await assertIsPresent({ password }, actor);
  const { userId } = actor;
  const { hasPassword } = await getUser(userId);
  await withTransaction(async (tx) => {
    await holdSession(tx, actor);
    // Touches them all, so that of two removals at once one waits, and then sees what is left.
    const { matchedCount } = await IdentityModel.collection.updateMany(
      { userId },
      { $inc: { removals: 1 } },
      { session: tx },
    );
    const { deletedCount } = await IdentityModel.collection.deleteOne({ userId, provider }, { session: tx });
    if (deletedCount === 0) throw new AppError('not_found');
    if (!hasPassword && matchedCount === 1) throw new AppError('last_login_method');
    await recordAudit(tx, { event: 'auth.identity_unlinked', subjectId: userId, before: { provider } });
    await tellOwner(tx, userId, 'identity_unlinked');
  });
}

async function tellOwner(tx: Tx, userId: string, change: 'identity_linked' | 'identity_unlinked'): Promise<void> {
  await appendOutbox(tx, [accountChanged({ userId, noticeId: newId(), change })]);
}
