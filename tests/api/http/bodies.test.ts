import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

describe('a body', () => {
  it.each(['"hello"', 'null', '7', '{', '{"email":}', "{'email':1}", '\ufeff{]'])(
    'of %s is no JSON document',
    async (text) => {
      const res = await app.request.post('/api/v1/auth/login').set('Content-Type', 'application/json').send(text);
      expect([res.status, errorOf(res).code]).toEqual([400, 'malformed_json']);
    },
  );
});
