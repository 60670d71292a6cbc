import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

/** Putting marks into their order takes the square of how many follow one letter: 2.7 s for what fits into a body. */
const MARKS = `a${'\u0345'.repeat(24_000)}${'\u0334'.repeat(24_000)}`;
/** A hundred times what refusing costs, and a tenth of what normalising did. */
const MOST_MS = 250;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

describe('case 33: text that is dear to normalise', () => {
  it.each([
    ['/auth/login', { email: MARKS, password: 'x' }],
    ['/auth/password/forgot', { email: MARKS }],
    ['/auth/otp/request', { channel: 'email', email: MARKS }],
    ['/auth/signup', { email: 'asha@example.com', password: 'correct horse battery', name: MARKS }],
  ])('at %s is refused by its length, before it is normalised', async (path, body) => {
    const startedAt = performance.now();
    const res = await app.request.post(`/api/v1${path}`).send(body);
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
  });

  it('in the profile is refused the same way', async () => {
    const { headers } = await logInAs();
    const startedAt = performance.now();
    const res = await app.request.patch('/api/v1/me').set(headers).send({ name: MARKS });
    expect(res.status).toBe(400);
    expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
  });
});
