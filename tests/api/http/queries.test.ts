import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(() => app.stop());

describe('a query', () => {
  it.each([
    'limit=1e9',
    'limit=-1',
    'limit=0',
    'limit=10&limit=1000',
    'limit[]=5',
    'cursor=x.y',
    `q=${'a'.repeat(5_000)}`,
  ])('of %s is 400', async (query) => {
    expect((await app.request.get(`/api/v1/restaurants?${query}`)).status).toBe(400);
  });
});
