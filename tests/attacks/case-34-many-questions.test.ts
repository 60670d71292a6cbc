import '../setup/without-rate-limits.ts';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisClients } from '../../src/infra/redis/index.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await createRestaurant({ name: 'Spice and Salt and Sugar' });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

async function keyCount(): Promise<number> {
  return redisClients().cache.dbsize();
}

const letters = () => randomBytes(20).toString('hex').replaceAll(/\d/g, 'q').slice(0, 20);

describe('case 34: a thousand questions that nobody else asks', () => {
  it('of suggestions leave nothing in Redis', async () => {
    const before = await keyCount();
    for (let round = 0; round < 20; round += 1) {
      const asked = Array.from({ length: 50 }, async () => {
        const q = `${[letters(), letters(), letters(), letters()].join(' ').slice(0, 90)} s`;
        return (await app.request.get('/api/v1/search/suggest').query({ q })).status;
      });
      expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    }
    expect((await keyCount()) - before).toBeLessThan(20);
  });
});
