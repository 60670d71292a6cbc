import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { ROLES } from '../../../src/shared/actor.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

describe('GET /me', () => {
  it.each(ROLES)('shows a %s the account without anything secret', async (role) => {
    const { user, headers } = await logInAs({ roles: [role], phone: '+915550100123' });
    const res = await app.request.get('/api/v1/me').set(headers);
    expect(answerOf(res)).toEqual({
      status: 200,
      body: {
        id: user._id,
        email: user.email,
        emailVerified: true,
        name: user.name,
        phone: '+915550100123',
        phoneVerified: false,
        roles: [role],
        language: 'en',
        hasPassword: true,
        hasSecondFactor: false,
        picture: null,
        imageUrl: null,
        createdAt: user.createdAt.toISOString(),
      },
    });
  });

  it('without a token is 401 unauthenticated, with an expired one token_expired', async () => {
    const { headers } = await logInAs();
    expect(await app.request.get('/api/v1/me')).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthenticated' } },
    });
    setClock({ offsetMs: 901_000 });
    expect(await app.request.get('/api/v1/me').set(headers)).toMatchObject({
      status: 401,
      body: { error: { code: 'token_expired' } },
    });
  });
});

describe('PATCH /me', () => {
  it('changes the name and keeps the rest', async () => {
    const { userId, headers } = await logInAs({ phone: '+915550100123' });
    const renamed = await app.request.patch('/api/v1/me').set(headers).send({ name: '  Asha R. Rao ' });
    expect(answerOf(renamed)).toMatchObject({
      status: 200,
      body: { id: userId, name: 'Asha R. Rao', phone: '+915550100123' },
    });
  });

  it.each([
    ['nothing', {}],
    ['other roles', { roles: ['admin'] }],
    ['another e-mail', { email: 'eve@example.com' }],
    ['a name of two lines', { name: 'Asha\nRao' }],
    ['an operator', { name: { $set: 'x' } }],
    ['no phone', { name: 'Asha', phone: null }],
  ])('with %s is 400 and changes nothing', async (_what, body) => {
    const { user, headers } = await logInAs();
    const res = await app.request.patch('/api/v1/me').set(headers).send(body);
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    expect(await UserModel.findById(user._id).lean()).toEqual(user);
  });

  it('with a phone does not tell whether anybody has it', async () => {
    await createUser({ phone: '+915550100123' });
    const { headers } = await logInAs();
    const answers = [];
    for (const phone of ['+915550100123', '+915550100124']) {
      const res = await app.request.patch('/api/v1/me').set(headers).send({ phone });
      answers.push({ status: res.status, details: errorOf(res).details });
    }
    expect(answers[0]).toMatchObject({ status: 400 });
    expect(answers[1]).toEqual(answers[0]);
  });
});
