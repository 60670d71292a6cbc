import { assertMinor } from '../../shared/money.ts';

export function sum(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  assertMinor(total);
  return total;
}

/** @throws RangeError */
export function assertAmount(amount: number): void {
  assertMinor(amount);
  if (amount < 0) throw new RangeError(`negative amount: ${amount}`);
}
