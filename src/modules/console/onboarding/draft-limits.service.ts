import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { countPrepared } from '../../restaurants/index.ts';
import { holdAccount } from '../../users/index.ts';

/** Drafts and submissions of one owner: nobody reviews more of them in earnest. */
const MAX_PREPARED = 10;

/** The account is held, so that of parallel requests each counts those before it. @throws AppError `list_full`, `unauthenticated` */
export async function assertRoomForDraft(tx: Tx, ownerId: string): Promise<void> {
  await holdAccount(tx, ownerId);
  if ((await countPrepared(tx, ownerId)) >= MAX_PREPARED) throw new AppError('list_full');
}

/** An owner's second draft of one name at one address, in the words of the API; anything else as it is. */
export function asTwin(error: unknown): unknown {
  if (!isDuplicateKey(error, 'addressLine')) return error;
  const message = 'You prepare a restaurant of this name at this address already.';
  const details = [{ path: 'name', code: 'restaurant_prepared', message }];
  return new AppError('already_exists', { details, cause: error });
}
