import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { fromUnknown } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { signAccessToken } from '../../../src/modules/auth/access-token.ts';
import { verifyAccessToken } from '../../../src/modules/auth/auth.service.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { now, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { logInAs } from '../../support/log-in.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const INVALID = { code: 'token_invalid', status: 401 };

describe('verifyAccessToken', () => {
  it('makes the actor from the account as it is now, not as it was at log-in', async () => {
    const { userId, sessionId, accessToken } = await logInAs();
    await UserModel.updateOne({ _id: userId }, { $set: { roles: ['customer', 'courier'] } });
    expect(await verifyAccessToken(accessToken)).toEqual({ userId, sessionId, roles: ['customer', 'courier'] });
  });

  it('refuses a good signature over a session that does not exist', async () => {
    const user = await createUser();
    const token = signAccessToken({ userId: user._id, sessionId: newId(), sessionVersion: 0 });
    await expect(verifyAccessToken(token)).rejects.toMatchObject(INVALID);
  });

  it('refuses the session of somebody else', async () => {
    const [one, other] = [await logInAs(), await logInAs()];
    const token = signAccessToken({ userId: one.userId, sessionId: other.sessionId, sessionVersion: 0 });
    await expect(verifyAccessToken(token)).rejects.toMatchObject(INVALID);
  });

  it.each([
    ['the session was revoked', ({ sessionId }) => SessionModel.updateOne({ _id: sessionId }, { revokedAt: now() })],
    ['the session has expired', ({ sessionId }) => SessionModel.updateOne({ _id: sessionId }, { expiresAt: now() })],
    ['the account was suspended', ({ userId }) => UserModel.updateOne({ _id: userId }, { status: 'suspended' })],
    [
      'all its sessions were ended',
      ({ userId }) => UserModel.updateOne({ _id: userId }, { $inc: { sessionVersion: 1 } }),
    ],
    ['the account is gone', ({ userId }) => UserModel.deleteOne({ _id: userId })],
  ] satisfies [string, (login: { userId: string; sessionId: string }) => PromiseLike<unknown>][])(
    'refuses a token once %s',
    async (_what, end) => {
      const login = await logInAs();
      await expect(verifyAccessToken(login.accessToken)).resolves.toBeDefined();
      await end(login);
      await expect(verifyAccessToken(login.accessToken)).rejects.toMatchObject(INVALID);
    },
  );

  it('with a database that does not answer is 503, never 401', async () => {
    const { accessToken } = await logInAs();
    const admin = mongoose.connection.getClient().db('admin');
    const namespace = `${mongoose.connection.name}.sessions`;
    const data = { failCommands: ['find'], closeConnection: true, namespace };
    await admin.command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    try {
      const error = await verifyAccessToken(accessToken).catch((fault: unknown) => fromUnknown(fault));
      expect(error).toMatchObject({ code: 'service_unavailable', status: 503 });
    } finally {
      await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    }
  });

  it('reads twice, by index', async () => {
    const { accessToken } = await logInAs();
    const finds: unknown[] = [];
    const client = mongoose.connection.getClient();
    const note = ({ commandName, command }: { commandName: string; command: Record<string, unknown> }) => {
      if (commandName === 'find') finds.push([command['find'], Object.keys(command['filter'] as object)]);
    };
    client.on('commandStarted', note);
    await verifyAccessToken(accessToken);
    client.off('commandStarted', note);
    expect(finds.sort()).toEqual([
      ['sessions', ['_id']],
      ['users', ['_id']],
    ]);
  });
});

describe('findUserByEmail', () => {
  it('walks the unique index', async () => {
    await createUser({ email: 'asha@example.com' });
    const plan = await UserModel.collection.find({ email: 'asha@example.com' }).explain('executionStats');
    expect(JSON.stringify(plan['queryPlanner'])).toContain('"indexName":"email_1"');
    expect(plan['executionStats']).toMatchObject({ totalDocsExamined: 1 });
  });
});
