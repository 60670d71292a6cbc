import { IdentityModel, type IdentityRow } from '../../src/modules/auth/social/identity.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

/** An account at GitHub that opens the user's account. */
export async function createIdentity(changes: Partial<IdentityRow> & { userId: string }): Promise<IdentityRow> {
  const _id = newId();
  const row: IdentityRow = {
    _id,
    provider: 'github',
    subject: String(Number.parseInt(_id.slice(-8), 16)),
    email: `github-${_id}@example.com`,
    linkedAt: now(),
    removals: 0,
    ...changes,
  };
  await IdentityModel.create(row);
  return row;
}
