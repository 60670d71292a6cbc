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
  /** The jobs were done before: each answer must be marked as a replay. HTTP only. */
  isReplay?: boolean;
}

export const NOTES = 'Please ring twice, the bell is shy.';

/** Where one order leaves a new document. The key with its answer is one more: in a row of its own, or in the quote. */
export const WRITTEN = ['orders', 'order_events', 'outbox', 'timers', 'payments'] as const;
