import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../src/infra/mongo/in-turn.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('inTurn', () => {
  it('runs the works of one key one after the other, in their order', async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await tick();
      log.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b'].map((name) => inTurn('key', work(name))))).toEqual(['a', 'b']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('does not make other keys wait', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const held = inTurn('held', () => promise);
    expect(await inTurn('free', () => Promise.resolve('free'))).toBe('free');
    resolve('held');
    expect(await held).toBe('held');
  });

  it('goes on after a work that failed, whose failure is its caller’s alone', async () => {
    const failed = inTurn('key', () => Promise.reject(new Error('mine')));
    const next = inTurn('key', () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('mine');
    expect(await next).toBe('next');
  });
});
