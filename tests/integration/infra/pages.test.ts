import '../../setup/with-page-cache.ts';
import { redisProxy } from '../../setup/with-redis-proxy.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectMongo, disconnectMongo } from '../../../src/infra/mongo/index.ts';
import { onShutdown, shutdown } from '../../../src/infra/lifecycle/index.ts';
import { followChanges, heldPage, pageId, readPage, type LoadedPage } from '../../../src/infra/pages/index.ts';
import { positionNow } from '../../../src/infra/pages/changes.ts';
import { askRedis, connectRedis, redisClients } from '../../../src/infra/redis/index.ts';
import { newId } from '../../../src/shared/ids.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { eventually } from '../../support/eventually.ts';

interface Thing {
  _id: string;
  text: string;
}

const COLLECTIONS = [
  { collection: 'things', fields: [], versionsOf: ({ id }: { id: string }) => [`thing:${id}`] },
  { collection: 'riddles', fields: [], versionsOf: () => null },
];

/** A second process in everything but its number. */
let other: { readPage: typeof readPage; heldPage: typeof heldPage; shutdown: typeof shutdown };

beforeAll(async () => {
  await connectMongo();
  onShutdown('clients', 'mongo', disconnectMongo);
  connectRedis();
  followChanges(COLLECTIONS);
  vi.resetModules();
  const pages = await import('../../../src/infra/pages/index.ts');
  const lifecycle = await import('../../../src/infra/lifecycle/index.ts');
  const redis = await import('../../../src/infra/redis/index.ts');
  redis.connectRedis();
  pages.followChanges(COLLECTIONS);
  other = { readPage: pages.readPage, heldPage: pages.heldPage, shutdown: lifecycle.shutdown };
  const second = await import('../../../src/infra/pages/changes.ts');
  await eventually(() => {
    expect(positionNow()).not.toBeNull();
    expect(second.positionNow()).not.toBeNull();
  });
});
beforeEach(async () => {
  await redisClients().cache.ping();
});
afterEach(async () => {
  setClock(null);
  redisProxy.mend();
  await eventually(() => askRedis((cache) => cache.ping()));
});
afterAll(async () => {
  await things().deleteMany({});
  await other.shutdown('test');
  await shutdown('test');
});

function things() {
  return mongoose.connection.collection<Thing>('things');
}

async function newThing(text = 'first'): Promise<string> {
  const _id = newId();
  await things().insertOne({ _id, text });
  return _id;
}

let loads = 0;
beforeEach(() => {
  loads = 0;
});

function request(id: string, load = () => loadThing(id)) {
  return { name: 'thing', key: { id }, load };
}

async function loadThing(id: string): Promise<LoadedPage> {
  loads += 1;
  const thing = await things().findOne({ _id: id });
  return { body: { text: thing?.text }, touches: [`thing:${id}`] };
}

async function textOf(page: ReturnType<typeof readPage>): Promise<unknown> {
  const { plain } = await page;
  return (JSON.parse(plain.body.toString()) as { text: unknown }).text;
}

/** Both have heard of all that was written until now. */
async function settled(id: string): Promise<void> {
  await readPage(request(id));
  await eventually(() => {
    expect(heldPage(pageId(request(id)))).not.toBeNull();
  });
}

describe('a public page', () => {
  it('is loaded once for a hundred readers of two processes, and then by nobody', async () => {
    const id = await newThing();
    const slow = request(id, async () => {
      await sleep(50);
      return loadThing(id);
    });
    const readers = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? readPage : other.readPage)(slow));
    const pages = await Promise.all(readers);
    expect(new Set(pages.map(({ plain }) => plain.etag)).size).toBe(1);
    await readPage(slow);
    await other.readPage(slow);
    expect(loads).toBe(1);
  });

  it('after a raw write is the new one long before its 30 seconds are over, in both processes', async () => {
    const id = await newThing();
    await settled(id);
    await other.readPage(request(id));
    await things().updateOne({ _id: id }, { $set: { text: 'second' } });
    await eventually(async () => {
      expect(await textOf(readPage(request(id)))).toBe('second');
      expect(await textOf(other.readPage(request(id)))).toBe('second');
    });
  });

  it('that was loaded before a change is not stored after it, here or in Redis', async () => {
    const id = await newThing();
    const isRead = Promise.withResolvers<null>();
    const mayEnd = Promise.withResolvers<null>();
    const held = readPage(
      request(id, async () => {
        const loaded = await loadThing(id);
        isRead.resolve(null);
        await mayEnd.promise;
        return loaded;
      }),
    );
    await isRead.promise;
    const before = positionNow();
    await things().updateOne({ _id: id }, { $set: { text: 'second' } });
    await eventually(() => {
      expect(positionNow()).not.toBe(before);
    });
    mayEnd.resolve(null);
    expect(await textOf(held)).toBe('first');
    expect(await textOf(readPage(request(id)))).toBe('second');
    expect(await textOf(other.readPage(request(id)))).toBe('second');
  });

  it('is not disturbed by a change of something else', async () => {
    const [id, otherId] = [await newThing(), await newThing()];
    await settled(id);
    const before = loads;
    await things().updateOne({ _id: otherId }, { $set: { text: 'second' } });
    await sleep(300);
    await readPage(request(id));
    expect(loads).toBe(before);
  });

  it('goes when something changes of which nobody can tell what it touches', async () => {
    const id = await newThing();
    await settled(id);
    const before = loads;
    await mongoose.connection.collection('riddles').insertOne({ answer: 42 });
    await eventually(async () => {
      await readPage(request(id));
      expect(loads).toBe(before + 1);
    });
  });

  it('is given out stale while one reader loads the next, when its time is up', async () => {
    const id = await newThing();
    await settled(id);
    const before = loads;
    setClock({ offsetMs: 40_000 });
    expect(await textOf(readPage(request(id)))).toBe('first');
    await eventually(() => {
      expect(loads).toBe(before + 1);
    });
    expect(heldPage(pageId(request(id)))).not.toBeNull();
  });

  it('is not given out from the moment on at which a word of it becomes wrong', async () => {
    const id = await newThing();
    const until = (text: string): LoadedPage => ({
      body: { text },
      touches: [],
      validUntil: new Date(Date.now() + 20_000),
    });
    expect(await textOf(readPage(request(id, () => Promise.resolve(until('open')))))).toBe('open');
    expect(await textOf(readPage(request(id, () => Promise.resolve(until('unasked')))))).toBe('open');
    setClock({ offsetMs: 20_000 });
    expect(await textOf(readPage(request(id, () => Promise.resolve(until('closed')))))).toBe('closed');
  });

  it('that cannot be loaded is kept by nobody, and holds nobody up', async () => {
    const id = await newThing();
    const broken = request(id, () => Promise.reject(new Error('gone')));
    await expect(Promise.all([readPage(broken), readPage(broken)])).rejects.toThrow('gone');
    expect(await textOf(other.readPage(request(id)))).toBe('first');
  });

  it('without Redis is kept by each process, and changes are heard of', async () => {
    const id = await newThing();
    redisProxy.cut();
    await eventually(async () => {
      await readPage(request(id));
      expect(heldPage(pageId(request(id)))).not.toBeNull();
    });
    const before = loads;
    await readPage(request(id));
    expect(loads).toBe(before);
    await things().updateOne({ _id: id }, { $set: { text: 'second' } });
    await eventually(async () => {
      expect(await textOf(readPage(request(id)))).toBe('second');
    });
  });
});
