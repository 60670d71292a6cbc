import { setPriority } from 'node:os';
import { compareSync, hashSync } from 'bcryptjs';

// Runs in the threads of password-pool.ts. Synchronous on purpose: the thread has nothing else to do, and bcryptjs' async form only
// slices the same work.

// On Linux this is the thread's own: where cores are short, whoever answers requests goes first.
setPriority(10);

export interface HashTask {
  password: string;
  cost: number;
}

export interface CompareTask {
  password: string;
  hash: string;
}

export function hash({ password, cost }: HashTask): string {
  return hashSync(password, cost);
}

export function compare({ password, hash: stored }: CompareTask): boolean {
  return compareSync(password, stored);
}
