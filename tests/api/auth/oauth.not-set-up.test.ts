import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../../factories/user.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { openPage, RETURN_TO } from '../../support/social.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('a provider without a client id', () => {
  const fields = { returnTo: RETURN_TO, codeChallenge: openPage().codeChallenge };

  it('is not found, neither to log in nor to link', async () => {
    const { headers } = await logInAs();
    const begun = await app.request.get('/api/v1/auth/oauth/google').query(fields);
    const linked = await app.request
      .post('/api/v1/auth/oauth/google/link')
      .set(headers)
      .send({ ...fields, password: PASSWORD });
    for (const res of [begun, linked]) expect([res.status, errorOf(res).code]).toEqual([404, 'not_found']);
  });
});
