/** Integer minor units (paise, cents; yen have none) with their ISO 4217 currency. Never a float. */
export interface Money {
  amount: number;
  currency: string;
}

export function money(amount: number, currency: string): Money {
  assertMinor(amount);
  return { amount, currency };
}

export function assertMinor(amount: number): void {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole number of minor units: ${amount}`);
}

/** Tax or percentage of an amount in basis points (1 % = 100), rounded half up, away from zero for refunds. */
export function basisPointsOf(amountMinor: number, basisPoints: number): number {
  assertMinor(amountMinor);
  const product = BigInt(Math.abs(amountMinor)) * BigInt(basisPoints);
  const rounded = Number((product + 5_000n) / 10_000n);
  return amountMinor < 0 ? -rounded : rounded;
}

/**
 * Splits `totalMinor` over `weights` by the largest remainder: the parts are whole, each within one unit of its exact share,
 * and sum to the total. Ties go to the earlier part. All weights zero: everything to the first part.
 */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  assertMinor(totalMinor);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? totalMinor : 0));
  const sign = totalMinor < 0 ? -1n : 1n;
  const total = BigInt(Math.abs(totalMinor));
  const shares = weights.map((weight, index) => {
    const exact = total * BigInt(weight);
    return { index, floor: exact / BigInt(sum), remainder: exact % BigInt(sum) };
  });
  let left = total - shares.reduce((a, share) => a + share.floor, 0n);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map((share) => Number(sign * share.floor));
}

/** `-24900 INR` as `-249.00`, without a float: the currency says how many digits its minor unit has (ISO 4217). */
export function decimalOf(amountMinor: number, currency: string): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
