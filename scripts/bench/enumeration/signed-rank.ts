/**
 * Wilcoxon's signed-rank test, two-sided, with the normal approximation (good from some twenty pairs on). Zero differences are left
 * out, ties share their mean rank.
 */
export function signedRankTest(differences: readonly number[]): { z: number; p: number } {
  const sorted = differences.filter((value) => value !== 0).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const count = sorted.length;
  if (count === 0) return { z: 0, p: 1 };
  const ranks = rankOf(sorted.map(Math.abs));
  const positive = sorted.reduce((sum, value, index) => sum + (value > 0 ? (ranks[index] ?? 0) : 0), 0);
  const mean = (count * (count + 1)) / 4;
  const deviation = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
  const z = (positive - mean) / deviation;
  return { z, p: 2 * upperTail(Math.abs(z)) };
}

function rankOf(sorted: readonly number[]): number[] {
  return sorted.map((value) => {
    const first = sorted.indexOf(value);
    const last = sorted.lastIndexOf(value);
    return (first + last) / 2 + 1;
  });
}

/** Of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function upperTail(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  return density * coefficients.reduce((sum, coefficient, index) => sum + coefficient * t ** (index + 1), 0);
}
