import { describe, expect, it } from 'vitest';
import { feeTableProblem, inOrder } from '../../../src/modules/console/hours-and-areas/fee-table-rules.ts';

const row = (upToMeters: number, feeMinor: number, fromSubtotalMinor?: number) => {
  return { upToMeters, feeMinor, ...(fromSubtotalMinor === undefined ? {} : { fromSubtotalMinor }) };
};

describe('feeTableProblem', () => {
  it.each([
    ['an empty table', []],
    ['a dearer second ring', [row(5_000, 4_900), row(2_000, 2_500)]],
    ['a cheaper big basket', [row(2_000, 2_500), row(2_000, 0, 30_000), row(5_000, 4_900)]],
  ])('has nothing against %s', (_, bands) => {
    expect(feeTableProblem(bands)).toBeNull();
  });

  it.each([
    ['one row', [row(2_000, 1), row(2_000, 2)]],
    ['one row', [row(2_000, 1), row(2_000, 1, 0)]],
    ['without fromSubtotalMinor', [row(2_000, 1), row(3_000, 1, 500)]],
    ['a higher subtotal', [row(2_000, 1), row(2_000, 2, 500)]],
    ['a longer way', [row(2_000, 5), row(3_000, 4)]],
    ['a longer way', [row(2_000, 5), row(3_000, 6), row(3_000, 2, 500)]],
  ])('says "%s" of %j', (text, bands) => {
    expect(feeTableProblem(bands)).toContain(text);
  });
});

describe('inOrder', () => {
  it('sorts by distance and subtotal, and drops a subtotal of nothing', () => {
    expect(inOrder([row(5_000, 3), row(2_000, 1, 500), row(2_000, 2, 0)])).toEqual([
      row(2_000, 2),
      row(2_000, 1, 500),
      row(5_000, 3),
    ]);
  });
});
