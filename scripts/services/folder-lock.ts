import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 50;
const SQLITE_BUSY = 5;

/**
 * Takes a lock between processes, or null after `waitMs`. The lock is a SQLite transaction, so the operating system frees it
 * when the holder dies, at once and without a stale file to judge.
 */
export async function takeLock(file: string, waitMs: number): Promise<{ release(): void } | null> {
  await mkdir(dirname(file), { recursive: true });
  const deadline = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== null || performance.now() >= deadline) return lock;
    await sleep(RETRY_MS);
  }
}

function tryLock(file: string): { release(): void } | null {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return {
    release: () => {
      database.close();
    },
  };
}
