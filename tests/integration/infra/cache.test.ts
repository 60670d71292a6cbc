import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { cacheWrap, redisClients, redisKey } from '../../../src/infra/redis/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { eventually } from '../../support/eventually.ts';

/** The same module as another process would have it: own memory, own connections. */
let other: { cacheWrap: typeof cacheWrap; shutdown: typeof shutdown };

beforeAll(async () => {
  await bootstrap();
  vi.resetModules();
  const [redis, lifecycle] = await Promise.all([
    import('../../../src/infra/redis/index.ts'),
    import('../../../src/infra/lifecycle/index.ts'),
  ]);
  redis.connectRedis();
  other = { cacheWrap: redis.cacheWrap, shutdown: lifecycle.shutdown };
});
afterEach(() => {
  setClock(null);
});
afterAll(async () => {
  await Promise.all([shutdown('test'), other.shutdown('test')]);
});

function entry<T>(load: () => Promise<T>) {
  return { cache: 'test', key: newId(), ttlSeconds: 10, staleSeconds: 60, load };
}

/** A loader that ends when the test says so. */
function slowLoader() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { load: vi.fn(() => promise), resolve, reject };
}

describe('a hundred cold readers', () => {
  it('in two processes cause one load', async () => {
    const { load, resolve } = slowLoader();
    const request = entry(load);
    const readers = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? cacheWrap : other.cacheWrap)(request));
    await eventually(() => {
      expect(load).toHaveBeenCalled();
    });
    resolve('menu');
    expect(new Set(await Promise.all(readers))).toEqual(new Set(['menu']));
    expect(load).toHaveBeenCalledOnce();
  });

  it('whose load fails all hear of it, and the next reader loads at once, in either process', async () => {
    const request = entry(() => Promise.reject(new Error('gone')));
    const readers = await Promise.allSettled(Array.from({ length: 100 }, () => cacheWrap(request)));
    expect(readers.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(await redisClients().cache.exists(`${redisKey('cache', request.cache, request.key)}:lock`)).toBe(0);
    await expect(other.cacheWrap(request)).rejects.toThrow('gone');
    expect(await cacheWrap({ ...request, load: () => Promise.resolve('back') })).toBe('back');
  });
});

describe('an entry', () => {
  it('is served to every process until it is stale', async () => {
    const load = vi.fn(() => Promise.resolve({ price: 100, note: null }));
    const request = entry(load);
    expect(await cacheWrap(request)).toEqual({ price: 100, note: null });
    expect(await other.cacheWrap(request)).toEqual({ price: 100, note: null });
    setClock({ offsetMs: 9_000 });
    expect(await cacheWrap(request)).toEqual({ price: 100, note: null });
    expect(load).toHaveBeenCalledOnce();
  });

  it('that is stale is served while one reader loads anew', async () => {
    const request = entry(() => Promise.resolve('old'));
    await cacheWrap(request);
    setClock({ offsetMs: 12_000 });
    const { load, resolve } = slowLoader();
    const answers = await Promise.all(Array.from({ length: 50 }, () => cacheWrap({ ...request, load })));
    expect(new Set(answers)).toEqual(new Set(['old']));
    resolve('new');
    await eventually(async () => {
      expect(await cacheWrap({ ...request, load })).toBe('new');
    });
    expect(load).toHaveBeenCalledOnce();
  });

  it('that is stale stays while its loader fails', async () => {
    const request = entry(() => Promise.resolve('old'));
    await cacheWrap(request);
    setClock({ offsetMs: 12_000 });
    const load = vi.fn(() => Promise.reject(new Error('gone')));
    expect(await cacheWrap({ ...request, load })).toBe('old');
    await eventually(() => {
      expect(load).toHaveBeenCalled();
    });
    expect(await cacheWrap({ ...request, load })).toBe('old');
  });
});
