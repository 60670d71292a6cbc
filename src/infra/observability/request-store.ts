import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line, job and outbox row of one request carries. */
export interface RequestStore {
  requestId: string;
  userId?: string;
  role?: string;
  /** IP address of the client, for the audit. */
  address?: string;
  /** Of an HTTP request, by `performance.now()`: its answer is to leave within five seconds of it. */
  startedAtMs?: number;
}

const storage = new AsyncLocalStorage<RequestStore>();

export function runWithStore<T>(store: RequestStore, work: () => T): T {
  return storage.run(store, work);
}

export function currentStore(): RequestStore | undefined {
  return storage.getStore();
}
