import { describe, expect, it } from 'vitest';
import { signedRankTest } from '../../../scripts/bench/enumeration/signed-rank.ts';

describe('the signed-rank test', () => {
  it('of differences that cancel out finds nothing', () => {
    const differences = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : -1) * (index + 1));
    const { p } = signedRankTest(differences);
    expect(p).toBeGreaterThan(0.5);
  });

  it('of a small shift that is always there finds it', () => {
    const differences = Array.from({ length: 200 }, (_, index) => 0.1 + ((index * 37) % 100) / 50 - 0.7);
    expect(signedRankTest(differences).p).toBeLessThan(0.01);
  });

  // By size -1 -2 3 4 5 -6 -7 8 -9, so the ranks of the positive ones are 3, 4, 5 and 8, of 22.5 expected.
  it('agrees with a sum done by hand', () => {
    const { z } = signedRankTest([-7, -6, 5, 4, 3, 8, -9, -1, -2]);
    expect(z).toBeCloseTo((20 - 22.5) / Math.sqrt(71.25), 10);
  });

  it('of equal times has no opinion', () => {
    expect(signedRankTest([0, 0, 0])).toEqual({ z: 0, p: 1 });
  });
});
