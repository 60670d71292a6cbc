import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../src/bootstrap.ts';
import { noteSecurityEvent } from '../../src/infra/audit/index.ts';
import { runDetached, shutdown } from '../../src/infra/lifecycle/index.ts';
import { runWithStore } from '../../src/infra/observability/index.ts';
import { redisClients } from '../../src/infra/redis/index.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { watchWrites } from '../support/watch-commands.ts';
import { watchRedis } from '../support/watch-redis.ts';

beforeAll(bootstrap);
beforeEach(emptyAllCollections);
afterAll(() => shutdown('test'));

function write(name: string): Promise<unknown> {
  return mongoose.connection.collection(name).insertOne({});
}

/** Somebody beside `work`, who writes as soon as it does. */
function neighbour(store?: { requestId: string; startedAtMs: number }) {
  const begun = Promise.withResolvers<null>();
  const writeOnce = async () => {
    await begun.promise;
    await write('neighbours');
  };
  const done = store === undefined ? writeOnce() : runWithStore(store, writeOnce);
  return {
    begin: () => {
      begun.resolve(null);
    },
    done,
  };
}

describe('what is watched of a work', () => {
  it('is what it sends itself, in a transaction or not, and what a request sends that came in meanwhile', async () => {
    const { writes } = await watchWrites(async () => {
      await mongoose.connection.transaction(async (session) => {
        await mongoose.connection.collection('own').insertOne({}, { session });
      });
      await Promise.all([write('own'), write('own')]);
    });
    expect(writes).toEqual(['insert own', 'insert own', 'insert own']);
    const request = Promise.withResolvers<null>();
    const served = request.promise.then(() =>
      runWithStore({ requestId: 'request-1', startedAtMs: performance.now() }, () => write('asked_for')),
    );
    const answered = await watchWrites(() => {
      request.resolve(null);
      return served;
    });
    expect(answered.writes).toEqual(['insert asked_for']);
  });

  it('is nothing that goes on beside it, nor what was left behind before it', async () => {
    const earlier = neighbour({ requestId: 'request-1', startedAtMs: performance.now() });
    const loop = neighbour();
    noteSecurityEvent({ event: 'access.forbidden', reason: 'GET /x' });
    runDetached('late', () => write('late').then(() => undefined));
    const { writes } = await watchWrites(async () => {
      earlier.begin();
      loop.begin();
      await Promise.all([earlier.done, loop.done, write('own')]);
    });
    expect(writes).toEqual(['insert own']);
    expect(await mongoose.connection.collection('neighbours').countDocuments()).toBe(2);
    expect(await mongoose.connection.collection('audit_log').countDocuments()).toBe(1);
  });

  it('is told of Redis, too, also around another watch', async () => {
    const { cache } = redisClients();
    const begun = Promise.withResolvers<null>();
    const probe = begun.promise.then(() => cache.ping());
    let writes: string[] = [];
    const names = await watchRedis(async () => {
      ({ writes } = await watchWrites(async () => {
        begun.resolve(null);
        await Promise.all([cache.get('own'), probe, write('own')]);
      }));
    });
    expect({ names, writes }).toEqual({ names: ['get'], writes: ['insert own'] });
  });
});
