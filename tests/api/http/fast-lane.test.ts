import '../../setup/with-page-cache.ts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

const CHANGING = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'keep-alive', 'connection'];

async function ask(path: string, headers: Record<string, string>) {
  const res = await fetch(app.url + path, { headers });
  const kept = [...res.headers].filter(([name]) => !CHANGING.includes(name));
  return {
    status: res.status,
    text: await res.text(),
    headers: Object.fromEntries(kept),
    left: res.headers.get('ratelimit-remaining'),
  };
}

it.each([
  ['plain', {}],
  ['from our origin', { Origin: 'http://localhost:3000' }],
  ['from a foreign origin', { Origin: 'https://evil.example' }],
  ['packed', { 'Accept-Encoding': 'br' }],
] as const)(
  'a page asked for %s has the same headers and bytes before the router as through it',
  async (name, headers) => {
    const { _id } = await createRestaurant();
    const path = `/api/v1/restaurants/${_id}?`.slice(0, -1);
    const through = await ask(path, headers);
    const before = await ask(path, headers);
    expect({ ...before, left: null }).toEqual({ ...through, left: null });
    expect(Number(before.left)).toBe(Number(through.left) - 1);
    const known = await ask(path, { ...headers, 'If-None-Match': `"other", W/${String(through.headers['etag'])}` });
    expect({ status: known.status, text: known.text, name }).toEqual({ status: 304, text: '', name });
  },
);
