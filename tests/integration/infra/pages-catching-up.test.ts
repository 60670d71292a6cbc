import '../../setup/with-page-cache.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import {
  isFollowing,
  noteChange,
  noteHeard,
  noteOpened,
  notePosition,
  noteStart,
} from '../../../src/infra/pages/changes.ts';
import { readPage } from '../../../src/infra/pages/index.ts';
import { connectRedis } from '../../../src/infra/redis/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';

beforeAll(() => {
  connectRedis();
});
afterEach(() => {
  setClock(null);
});
afterAll(() => shutdown('test'));

/** Cluster times: the database stands at 1000 when the stream is opened, which begins at 0. */
const timeAt = (tick: number) => tick.toString(16).padStart(16, '0');
const NOW = 1000;

describe('a stream of changes that has just been opened', () => {
  it('tells the past first, and one load is enough for a crowd that comes meanwhile', async () => {
    // What is not known to be true is trusted for a second: on a slow machine the crowd would come for longer.
    setClock({ frozenAt: new Date() });
    noteOpened(timeAt(NOW));
    noteStart(timeAt(0));
    const id = newId();
    let loads = 0;
    const load = () => {
      loads += 1;
      return Promise.resolve({ body: { id }, touches: ['list:*'] });
    };
    // What `followOnce` notes of a busy past: changes, and batches that are empty because nothing else came within their time.
    for (let tick = 10; tick < 600; tick += 10) {
      notePosition(timeAt(tick));
      noteHeard();
      await readPage({ name: 'past', key: { id }, load });
      noteChange(timeAt(tick + 5), ['list:*']);
      // Longer than the readers of one load are held together.
      await sleep(10);
    }
    expect(loads).toBe(1);
    expect(isFollowing()).toBe(false);
  });

  it('is believed from the moment on at which it stands where the database stood', () => {
    noteOpened(timeAt(2 * NOW));
    notePosition(timeAt(2 * NOW - 1));
    noteHeard();
    expect(isFollowing()).toBe(false);
    notePosition(timeAt(2 * NOW));
    noteHeard();
    expect(isFollowing()).toBe(true);
  });
});
