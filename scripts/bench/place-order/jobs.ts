/** `plain` is the baseline; `service` is ours without HTTP and provider; `http` is POST /orders with both. */
export type ContenderName = 'plain' | 'service' | 'http';
export const CONTENDER_NAMES: readonly ContenderName[] = ['plain', 'service', 'http'];

/** One order to be placed: everything a contender needs, made before the clock starts. */
export interface Job {
  userId: string;
  sessionId: string;
  token: string;
  quoteId: string;
  /** The Idempotency-Key. */
  key: string;
}

export interface RunRequest {
  jobs: Job[];
  inFlight: number;
  /** Open loop at this rate instead of a closed one. */
  perSecond?: number;
}

export const NOTES = 'Please ring twice, the bell is shy.';

/** Where one order leaves a new document. */
export const WRITTEN = ['idempotency_keys', 'orders', 'order_events', 'outbox', 'timers', 'payments'] as const;
