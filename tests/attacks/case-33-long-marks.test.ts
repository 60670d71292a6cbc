import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { growthOf, MOST_GROWTH } from '../support/growth.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

/** Putting marks into their order takes the square of how many follow one letter: 2.7 s for what fits into a body. */
const MOST_MARKS = 48_000;
const marks = (length: number) => `a${'\u0345'.repeat(length / 2)}${'\u0334'.repeat(length / 2)}`;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

describe('case 33: text that is dear to normalise', () => {
  it.each([
    ['/auth/login', (text: string) => ({ email: text, password: 'x' })],
    ['/auth/password/forgot', (text: string) => ({ email: text })],
    ['/auth/otp/request', (text: string) => ({ channel: 'email', email: text })],
    ['/auth/signup', (text: string) => ({ email: 'asha@example.com', password: 'correct horse battery', name: text })],
  ])('at %s is refused by its length, before it is normalised', async (path, bodyWith) => {
    const send = (length: number) => app.request.post(`/api/v1${path}`).send(bodyWith(marks(length)));
    const res = await send(MOST_MARKS);
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(await growthOf(MOST_MARKS, send)).toBeLessThan(MOST_GROWTH);
  });

  it('in the profile is refused the same way', async () => {
    const { headers } = await logInAs();
    const send = (length: number) =>
      app.request
        .patch('/api/v1/me')
        .set(headers)
        .send({ name: marks(length) });
    expect((await send(MOST_MARKS)).status).toBe(400);
    expect(await growthOf(MOST_MARKS, send)).toBeLessThan(MOST_GROWTH);
  });
});
