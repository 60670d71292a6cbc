import { vi } from 'vitest';

/** What the probe returns, as soon as it throws no more; its last failure when the time is up. */
export function eventually<T>(probe: () => T | Promise<T>, timeoutMs = 15_000): Promise<T> {
  return vi.waitFor(probe, { timeout: timeoutMs, interval: 20 });
}
