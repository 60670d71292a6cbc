import '../../setup/with-page-cache.ts';
import { redisProxy } from '../../setup/with-redis-proxy.ts';
import fc from 'fast-check';
import mongoose, { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createBrand } from '../../factories/brand.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(() => {
  redisProxy.mend();
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

async function publicPaths(): Promise<string[]> {
  const brand = await createBrand();
  const { _id } = await createRestaurant({ brandId: brand._id, name: 'Pepper House' });
  return [
    '/restaurants?limit=5',
    '/restaurants?q=pepper',
    '/restaurants/popular?lat=12.9&lng=74.8',
    '/cuisines',
    '/search/suggest?q=pep',
    `/restaurants/${_id}`,
    `/restaurants/${_id}/menu`,
    `/restaurants/${_id}/reviews`,
    `/brands/${brand._id}`,
    `/brands/${brand._id}/branches`,
  ].map((path) => `/api/v1${path}`);
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(app.url + path, { headers });
}

/** What one request asks of MongoDB and of Redis; what goes on anyway (the stream of changes, the probe) left out. */
async function costOf(work: () => Promise<Response>) {
  const commands: string[] = [];
  const note = ({ commandName }: mongo.CommandStartedEvent) => {
    if (!['getMore', 'hello', 'ping'].includes(commandName)) commands.push(commandName);
  };
  const client = mongoose.connection.getClient();
  client.on('commandStarted', note);
  const sent = vi.spyOn(redisClients().cache, 'sendCommand');
  const res = await work();
  await res.text();
  client.off('commandStarted', note);
  const calls = sent.mock.calls.map(([{ name }]) => name).filter((name) => name !== 'ping');
  sent.mockRestore();
  return { status: res.status, etag: res.headers.get('etag') ?? '', commands, calls: calls.length };
}

describe('a public page that lies ready', () => {
  it('costs no command of the database and at most one call of Redis, known to the reader or not', async () => {
    for (const path of await publicPaths()) {
      let etag = '';
      await eventually(async () => {
        const { etag: tag, ...hit } = await costOf(() => get(path));
        expect({ path, ...hit, calls: hit.calls <= 1 }).toEqual({ path, status: 200, commands: [], calls: true });
        etag = tag;
      });
      expect(etag).toMatch(/^"[\w-]{27}(-gzip|-br)?"$/);
      const known = await costOf(() => get(path, { 'If-None-Match': etag }));
      expect({ path, status: known.status, commands: known.commands }).toEqual({ path, status: 304, commands: [] });
      expect(known.calls).toBeLessThanOrEqual(1);
    }
  });
});

const canary = fc.record({
  name: fc.stringMatching(/^Canary[a-z]{12}$/),
  email: fc.stringMatching(/^canary[a-z]{12}@mail\.example$/),
  phone: fc.stringMatching(/^\+1999[0-9]{9}$/),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 3, maxLength: 6 }),
});

async function sharedPages(): Promise<string> {
  const { cache } = redisClients();
  const keys = await cache.keys(`${redisKey('page')}*`);
  const values = await Promise.all(keys.map((key) => cache.get(key)));
  return [...keys, ...values].join('\n');
}

describe('what everybody is given', () => {
  it('holds nothing of whoever asked before, in no key, value or answer', async () => {
    const paths = await publicPaths();
    await fc.assert(
      fc.asyncProperty(canary, async ({ name, email, phone, order }) => {
        await resetRateLimits();
        const mail = `${newId().slice(-6)}${email}`;
        const { headers, userId } = await logInAs({ name, email: mail, phone });
        const own = { ...headers, Cookie: `who=${name}`, 'User-Agent': mail, 'X-Request-Id': `request-${userId}` };
        const texts: string[] = [];
        for (const index of order) {
          const path = paths[index] ?? '';
          const mine = await (await get(path, own)).text();
          const theirs = await get(path);
          texts.push(mine, await theirs.text(), JSON.stringify([...theirs.headers]));
        }
        await get('/api/v1/me', own);
        const everything = [...texts, await sharedPages()].join('\n');
        for (const secret of [name, mail, phone, userId, headers.Authorization]) {
          expect(everything).not.toContain(secret);
        }
      }),
      { numRuns: 8 },
    );
    let limit = 20;
    await eventually(async () => {
      limit += 1;
      await get(`/api/v1/restaurants?limit=${limit}`);
      expect(await sharedPages()).toContain('Pepper House');
    });
  });

  it.each(['/restaurants?limit=7', '/cuisines', '/search/suggest?q=pepper'])(
    '%s is the same bytes and the same page for who is signed in',
    async (path) => {
      await createRestaurant({ name: 'Pepper House' });
      await eventually(async () => {
        const { headers } = await logInAs();
        const mine = await get(`/api/v1${path}`, headers);
        const theirs = await costOf(() => get(`/api/v1${path}`));
        expect(theirs).toMatchObject({ etag: mine.headers.get('etag'), commands: [] });
      });
    },
  );
});

/** Ends the stream of changes again and again, as long as it goes on. */
function breakStream(): { killed: () => number; stop: () => Promise<void> } {
  const state = { isOver: false, killed: 0 };
  const breaking = (async () => {
    while (!state.isOver) {
      for (const cursor of await openStreams()) {
        await mongoose.connection.db?.command({ killCursors: '$cmd.aggregate', cursors: [cursor] });
        state.killed += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    killed: () => state.killed,
    async stop() {
      state.isOver = true;
      await breaking;
    },
  };
}

/** Streams rest in the middle of a question: the server then knows them by it, and for a moment in between as idle cursors. */
async function openStreams(): Promise<mongo.Long[]> {
  const db = mongoose.connection.db?.databaseName ?? '';
  const isAsked = { ns: `${db}.$cmd`, op: 'getmore', 'command.collection': '$cmd.aggregate' };
  const isIdle = { ns: `${db}.$cmd.aggregate`, 'cursor.tailable': true };
  const pipeline = [{ $currentOp: { allUsers: true, idleCursors: true } }, { $match: { $or: [isAsked, isIdle] } }];
  const admin = mongoose.connection.getClient().db('admin');
  const found = await admin
    .aggregate<{ cursor?: { cursorId: mongo.Long }; command?: { getMore?: mongo.Long } }>(pipeline, {
      ...{ readConcern: { level: 'local' }, promoteLongs: false },
    })
    .toArray();
  return found.flatMap(({ cursor, command }) => cursor?.cursorId ?? command?.getMore ?? []);
}

describe('a new price is on the menu within about a second', () => {
  async function menuWithPrice(): Promise<{ path: string; change: () => Promise<unknown> }> {
    const { _id: restaurantId } = await createRestaurant();
    const category = await createCategory({ restaurantId });
    const item = await createMenuItem({ restaurantId, categoryId: category._id });
    const path = `/api/v1/restaurants/${restaurantId}/menu`;
    for (let turn = 0; turn < 3; turn += 1) await (await get(path)).text();
    const change = () =>
      MenuItemModel.collection.updateOne({ _id: item._id as never }, { $set: { priceMinor: 98_765 } });
    return { path, change };
  }

  /** Long before the page's 30 seconds are over. */
  async function shown(path: string): Promise<void> {
    await eventually(async () => {
      expect(await (await get(path)).text()).toContain('98765');
    });
  }

  it('while Redis is away', async () => {
    const { path, change } = await menuWithPrice();
    redisProxy.cut();
    await (await get(path)).text();
    await change();
    await shown(path);
  });

  it('while the stream of changes breaks again and again', async () => {
    const { path, change } = await menuWithPrice();
    const breaking = breakStream();
    await eventually(() => {
      expect(breaking.killed()).toBeGreaterThan(1);
    });
    await change();
    await shown(path);
    await breaking.stop();
  });
});
