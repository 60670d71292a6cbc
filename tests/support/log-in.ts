import { withTransaction } from '../../src/infra/mongo/index.ts';
import { signAccessToken } from '../../src/modules/auth/access-token.ts';
import { openSession } from '../../src/modules/auth/sessions/sessions.service.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { createUser } from '../factories/user.ts';

export interface Login {
  userId: string;
  user: UserRow;
  sessionId: string;
  accessToken: string;
  refreshToken: string;
  /** For `.set(login.headers)`. */
  headers: { Authorization: string };
}

/** A new user with a real session, its token made by the real signer: no hashing, no request, no rate limit. */
export async function logInAs(changes: Partial<UserRow> = {}): Promise<Login> {
  return openLogin(await createUser(changes));
}

/** Another session of a user that exists. */
export async function openLogin(user: UserRow): Promise<Login> {
  const session = await withTransaction((tx) =>
    openSession(tx, {
      user: { id: user._id, sessionVersion: user.sessionVersion },
      method: 'password',
      deviceId: newId(),
      client: { address: '127.0.0.1', userAgent: 'test' },
    }),
  );
  const { _id: userId, sessionVersion } = user;
  const accessToken = signAccessToken({ userId, sessionId: session.sessionId, sessionVersion });
  return { userId, user, ...session, accessToken, headers: { Authorization: `Bearer ${accessToken}` } };
}
