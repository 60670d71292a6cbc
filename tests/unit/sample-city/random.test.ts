import { describe, expect, it } from 'vitest';
import { Random } from '../../../scripts/sample-city/random.ts';

const draw = (random: Random): number[] => Array.from({ length: 1_000 }, () => random.next());

describe('Random', () => {
  it('repeats itself for the same parts only', () => {
    expect(draw(new Random('a', 1))).toEqual(draw(new Random('a', 1)));
    expect(draw(new Random('a', 1))).not.toEqual(draw(new Random('a', 2)));
  });

  it('spreads evenly over [0, 1)', () => {
    const values = draw(new Random('spread'));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.5, 1);
  });

  it('draws both ends of a range, and samples without repeating or reordering', () => {
    const random = new Random('range');
    expect(new Set(Array.from({ length: 200 }, () => random.whole(2, 4)))).toEqual(new Set([2, 3, 4]));
    const sample = random.sample([1, 2, 3, 4, 5, 6], 4);
    expect(sample).toHaveLength(4);
    expect(sample.toSorted((a, b) => a - b)).toEqual(sample);
  });
});
