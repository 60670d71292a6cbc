import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../src/config/index.ts';
import { issueDeviceToken } from '../../src/modules/auth/device-token.ts';
import { openChallenge } from '../../src/modules/auth/second-factor/challenge.ts';
import { newId, randomToken } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { answerOf } from '../support/answer.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { claimsOf, forge, HS256, lifeOf } from '../support/forge-token.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { openSocket, outcomeOf } from '../support/sockets.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const REFUSED = { status: 401, body: { error: { code: 'token_invalid' } } };

const me = (token: string) => app.request.get('/api/v1/me').set('Authorization', `Bearer ${token}`);

describe('case 04: a token that was made for something else', () => {
  it.each([
    ['the audience of the mails', { aud: 'quickbite-mail' }],
    ['no audience', { aud: undefined }],
    ['the audience as another case', { aud: 'QuickBite-API' }],
    ['another issuer', { iss: 'https://accounts.example' }],
    ['no issuer', { iss: undefined }],
    ['a list of issuers', { iss: ['quickbite', 'evil'] }],
    ['the type of a refresh token', { type: 'refresh' }],
    ['the type of a mail link', { type: 'email_verify' }],
    ['the type of a socket ticket', { type: 'socket' }],
    ['no type', { type: undefined }],
    ['a list of types', { type: ['access'] }],
    ['no session', { sid: undefined }],
    ['an operator for a session', { sid: { $ne: null } }],
    ['an operator for a person', { sub: { $ne: null } }],
    ['no version', { ver: undefined }],
    ['the version before', { ver: 0 }],
    ['the version to come', { ver: 2 }],
    ['a version that is a text', { ver: '1' }],
  ])('under our own signature, with %s, is 401', async (_what, change) => {
    const login = await logInAs({ sessionVersion: 1 });
    const token = (changed: object) => forge(HS256, { ...claimsOf(login), ...lifeOf(600), ...changed });
    expect((await me(token({}))).status).toBe(200);
    expect(answerOf(await me(token(change)))).toMatchObject(REFUSED);
  });

  it.each([
    ['a refresh secret', () => config.auth.refreshSecret],
    ['the account secret', () => config.auth.accountSecret],
    ['the secret of quotes', () => config.quotes.secret],
    ['the empty secret', () => ''],
  ])('signed with %s is 401', async (_what, secret) => {
    const login = await logInAs();
    expect((await me(forge(HS256, { ...claimsOf(login), ...lifeOf(600) }, secret()))).status).toBe(401);
  });

  it.each([
    ['a refresh token', ({ refreshToken }: Login) => refreshToken],
    ['a device token', ({ user }: Login) => issueDeviceToken(user.email)],
    ['the token of a mail link', () => randomToken()],
    [
      'the challenge of a half log-in',
      ({ userId }: Login) => openChallenge({ userId, method: 'password', sessionVersion: 0, mustEnrol: false }),
    ],
    ['the id of the session', ({ sessionId }: Login) => sessionId],
  ])('%s as an access token is 401, over HTTP and for a socket', async (_what, make) => {
    const token = await make(await logInAs());
    expect((await me(token)).status).toBe(401);
    const socket = openSocket(`${app.url}/customer`, { auth: { token } });
    expect(await outcomeOf(socket)).toMatchObject({ isOpen: false, body: { error: { status: 401 } } });
  });

  it('an access token as a refresh token is refused, and opens no log-out', async () => {
    const login = await logInAs();
    const refreshToken = login.accessToken;
    for (const route of ['refresh', 'logout']) {
      const res = await app.request.post(`/api/v1/auth/${route}`).send({ refreshToken });
      expect(res.status).toBe(400);
    }
    expect((await me(login.accessToken)).status).toBe(200);
  });

  it('an access token anywhere but in its header is no token', async () => {
    const { accessToken } = await logInAs();
    const answers = [
      await app.request.get(`/api/v1/me?access_token=${accessToken}`),
      await app.request.get('/api/v1/me').set('Cookie', `accessToken=${accessToken}`),
      await app.request.get('/api/v1/me').set('Authorization', `Basic ${accessToken}`),
      await app.request.get('/api/v1/me').set('Authorization', accessToken),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const inQuery = openSocket(`${app.url}/customer`, { query: { token: accessToken } });
    expect(await outcomeOf(inQuery)).toMatchObject({ isOpen: false, body: { error: { code: 'unauthenticated' } } });
  });

  it('a good signature over a session of somebody else, or of nobody, is 401', async () => {
    const [one, other] = [await logInAs(), await logInAs()];
    for (const sessionId of [other.sessionId, newId()]) {
      const claims = claimsOf({ ...one, sessionId });
      expect((await me(forge(HS256, { ...claims, ...lifeOf(600) }))).status).toBe(401);
    }
  });
});
