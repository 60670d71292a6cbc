import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../src/config/index.ts';
import { setClock } from '../../src/shared/clock.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { claimsOf, forge, HS256, inSeconds, lifeOf } from '../support/forge-token.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const me = (token: string) => app.request.get('/api/v1/me').set('Authorization', `Bearer ${token}`);
const DAY = 24 * 3600;

interface Times {
  iat?: unknown;
  exp?: unknown;
  nbf?: unknown;
}

/** Everything right but the times; the clock stands still meanwhile. */
async function answerTo(times: () => Times): Promise<{ status: number; code: string | undefined }> {
  const login = await logInAs();
  setClock({ frozenAt: login.user.createdAt });
  const res = await me(forge(HS256, { ...claimsOf(login), ...lifeOf(600), ...times() }));
  return { status: res.status, code: errorOf(res).code };
}

describe('case 03: the times of an access token', () => {
  it.each([
    ['expired a day ago', () => ({ iat: inSeconds(-DAY - 900), exp: inSeconds(-DAY) }), 'token_expired'],
    ['expired 61 s ago', () => ({ iat: inSeconds(-661), exp: inSeconds(-61) }), 'token_expired'],
    // The leeway is for clocks that are ahead; a token is not prolonged by it.
    ['expired 59 s ago', () => ({ iat: inSeconds(-659), exp: inSeconds(-59) }), 'token_expired'],
    ['expires this second', () => ({ iat: inSeconds(-600), exp: inSeconds(0) }), 'token_expired'],
    ['no expiry', () => ({ exp: undefined }), 'token_invalid'],
    ['an expiry that is a text', () => ({ exp: String(inSeconds(600)) }), 'token_invalid'],
    ['an expiry beyond numbers', () => ({ exp: Number.MAX_SAFE_INTEGER }), 'token_invalid'],
    ['valid from tomorrow', () => ({ nbf: inSeconds(DAY) }), 'token_invalid'],
    ['valid from 61 s ahead', () => ({ nbf: inSeconds(61) }), 'token_invalid'],
    ['issued a day ahead', () => ({ iat: inSeconds(DAY), exp: inSeconds(DAY + 600) }), 'token_invalid'],
    ['issued 61 s ahead', () => ({ iat: inSeconds(61), exp: inSeconds(600) }), 'token_invalid'],
    ['no time of issue', () => ({ iat: undefined }), 'token_invalid'],
    ['a life beyond ours', () => lifeOf(config.auth.accessTtlSeconds + 61), 'token_invalid'],
  ])('%s is 401', async (_what, times, code) => {
    expect(await answerTo(times)).toEqual({ status: 401, code });
  });

  it.each([
    ['issued 59 s ahead, by an instance whose clock is', () => ({ iat: inSeconds(59), exp: inSeconds(600) })],
    ['with one second to live', () => ({ iat: inSeconds(-600), exp: inSeconds(1) })],
    ['valid from now', () => ({ nbf: inSeconds(0) })],
  ])('%s is let in', async (_what, times) => {
    expect(await answerTo(times)).toMatchObject({ status: 200 });
  });
});
