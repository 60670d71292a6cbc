import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { hashSync } from 'bcryptjs';
import { afterAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../../src/errors/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { hashPassword, isPasswordOf } from '../../../src/modules/auth/passwords/password-pool.ts';

afterAll(() => shutdown('test'));

describe('the password pool', () => {
  it('hashes in a thread what it later recognises', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).toMatch(/^\$2b\$04\$/);
    expect(await isPasswordOf(stored, 'correct horse')).toBe(true);
    expect(await isPasswordOf(stored, 'wrong horse')).toBe(false);
  });

  it('says no where there is no hash, after the same work', async () => {
    expect(await isPasswordOf(null, 'correct horse')).toBe(false);
  });

  it('says no to a password that equals the right one in its first 72 bytes', async () => {
    const right = 'x'.repeat(72);
    const stored = hashSync(right, 4);
    expect(await isPasswordOf(stored, right)).toBe(true);
    expect(await isPasswordOf(stored, `${right}y`)).toBe(false);
  });

  it('serves in the order of asking, however many wait', async () => {
    const finished: number[] = [];
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        await hashPassword('correct horse');
        finished.push(n);
      }),
    );
    // Threads side by side may finish a few places apart.
    const displacements = finished.map((n, position) => Math.abs(n - position));
    expect(Math.max(...displacements)).toBeLessThanOrEqual(availableParallelism());
  });

  it('refuses at once with 503 and a time to come back when too many wait', async () => {
    let refusals = 0;
    const ask = () =>
      hashPassword('correct horse').catch((error: unknown) => {
        refusals += 1;
        throw error;
      });
    const asked = Promise.allSettled(Array.from({ length: 1500 }, ask));
    await setImmediate();
    const atOnce = refusals;
    const results = await asked;
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused.length).toBe(atOnce);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(results.length);
    for (const error of refused) {
      expect(isAppError(error, 'overloaded') && error.retryAfterSeconds).toBe(2);
    }
  });
});
