import '../setup/with-page-cache.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs } from '../support/log-in.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

let app: TestApp;
let apis: ApiProcess[];
beforeAll(async () => {
  app = await startTestApp();
  // Places that were leased to them are theirs: `resetRateLimits` does not reach other processes.
  apis = await Promise.all([startApi({ RATE_LIMITS: 'false' }), startApi({ RATE_LIMITS: 'false' })]);
});
beforeEach(resetRateLimits);
afterAll(async () => {
  await emptyAllCollections();
  await app.stop();
});

async function loads(): Promise<number> {
  const sample = 'quickbite_pages_total{page="restaurants",result="miss"}';
  const counts = await Promise.all(apis.map((api) => metricOf(api, sample)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Both have heard of all that was written until now: what is asked for twice is loaded once. */
async function settled(): Promise<void> {
  for (const { base } of apis) {
    await eventually(async () => {
      const path = `${base}/api/v1/restaurants?q=${newId()}`;
      const before = await loads();
      await sleep(50);
      for (let turn = 0; turn < 3; turn += 1) await (await fetch(path)).text();
      expect(await loads()).toBe(before + 1);
    });
  }
}

/** A hundred at each process, at once. */
async function askAll(path: string): Promise<string[]> {
  const crowd = Array.from({ length: 200 }, (_, index) => `${apis[index % 2]?.base ?? ''}/api/v1${path}`);
  return Promise.all(crowd.map(async (url) => (await fetch(url)).text()));
}

describe('case 34: 200 identical searches that nobody has asked for before', () => {
  it('are one query over two processes', async () => {
    await createRestaurant();
    await settled();
    const before = await loads();
    const answers = await askAll(`/restaurants?q=${newId()}&limit=7`);
    expect(new Set(answers).size).toBe(1);
    expect(await loads()).toBe(before + 1);
  });

  it('are a few while restaurants change all the time, not one for each', async () => {
    const { _id } = await createRestaurant();
    await settled();
    const before = await loads();
    const rain = { isOver: false };
    const raining = (async () => {
      for (let turn = 0; !rain.isOver; turn += 1) {
        await RestaurantModel.collection.updateOne({ _id: _id as never }, { $set: { name: `House ${turn}` } });
      }
    })();
    const startedAt = performance.now();
    await askAll('/restaurants?limit=11');
    const ms = performance.now() - startedAt;
    rain.isOver = true;
    await raining;
    // At most one in 50 ms and process, plus the first of each.
    expect((await loads()) - before).toBeLessThanOrEqual(2 * (Math.ceil(ms / 50) + 1));
  });
});

it('case 34: 1,000 health calls cost the database nothing', async () => {
  let commands = 0;
  const count = () => {
    commands += 1;
  };
  const client = mongoose.connection.getClient();
  client.on('commandStarted', count);
  const startedAt = performance.now();
  for (let batch = 0; batch < 20; batch += 1) {
    const calls = Array.from({ length: 50 }, (_, index) =>
      fetch(`${app.url}/health/${index % 2 === 0 ? 'ready' : 'live'}`),
    );
    for (const res of await Promise.all(calls)) expect(res.status).toBe(200);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  client.off('commandStarted', count);
  // The background probe asks every two seconds; the change stream, four times a second, is no ping of a health call.
  expect(commands).toBeLessThanOrEqual(Math.ceil(seconds) + Math.ceil(seconds * 5) + 2);
});

it('case 34: an export of one’s own data has a quota', async () => {
  const { headers } = await logInAs();
  const statuses: number[] = [];
  for (let turn = 0; turn <= rateLimitPolicies.export.limit; turn += 1) {
    statuses.push((await app.request.post('/api/v1/me/export').set(headers)).status);
  }
  expect(statuses.at(-1)).toBe(429);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
});
