import { describe, expect, it } from 'vitest';
import { boundedLane } from '../../../src/infra/lifecycle/index.ts';

describe('boundedLane', () => {
  it('refuses whoever finds every place taken, and gives places back after good and bad ends', async () => {
    const lane = boundedLane(2);
    const [one, two] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const running = [lane(() => one.promise), lane(() => two.promise)];
    await expect(lane(() => Promise.resolve('three'))).rejects.toMatchObject({
      ...{ code: 'overloaded', retryAfterSeconds: 2 },
    });
    one.resolve('one');
    two.reject(new Error('two'));
    expect(await Promise.allSettled(running)).toMatchObject([{ value: 'one' }, { status: 'rejected' }]);
    const after = await Promise.all([lane(() => Promise.resolve('four')), lane(() => Promise.resolve('five'))]);
    expect(after).toEqual(['four', 'five']);
  });

  it('of one does not count for another', async () => {
    const [busy, idle] = [boundedLane(1), boundedLane(1)];
    const held = Promise.withResolvers<string>();
    const running = busy(() => held.promise);
    expect(await idle(() => Promise.resolve('free'))).toBe('free');
    held.resolve('done');
    await running;
  });
});
