/**
 * The vendors' own time. It is deliberately not `src/shared/clock.ts`: a test that moves QuickBite's clock must not
 * move the provider's, as it could not in the world.
 */
export function realNowMs(): number {
  return Date.now();
}

export function realNowSeconds(): number {
  return Math.floor(realNowMs() / 1000);
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
