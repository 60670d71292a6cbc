import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { answerOf } from '../support/answer.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { claimsOf, encode, forge, HS256, lifeOf } from '../support/forge-token.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

const me = (token: string) => app.request.get('/api/v1/me').set('Authorization', `Bearer ${token}`);

describe('case 01: an access token without a signature', () => {
  it('is what the refusals below differ from by one thing: made by hand with the right secret, it is let in', async () => {
    const login = await logInAs();
    expect((await me(forge(HS256, { ...claimsOf(login), ...lifeOf(600) }))).status).toBe(200);
  });

  it.each(['none', 'None', 'nOnE', 'NONE', '', null, undefined, ['none'], 'HS256 '])(
    'under alg %j is 401, with an empty signature and with the old one',
    async (alg) => {
      const login = await logInAs();
      const signature = login.accessToken.split('.')[2] ?? '';
      const unsigned = `${encode({ alg, typ: 'JWT' })}.${encode({ ...claimsOf(login), ...lifeOf(600) })}`;
      for (const token of [unsigned, `${unsigned}.`, `${unsigned}.${signature}`, `${unsigned}.AA`]) {
        expect(answerOf(await me(token))).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } });
      }
    },
  );

  it.each(['HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'EdDSA'])('that names %s over its HMAC is 401', async (alg) => {
    const login = await logInAs();
    const token = forge({ alg, typ: 'JWT' }, { ...claimsOf(login), ...lifeOf(600) });
    expect((await me(token)).status).toBe(401);
  });
});
