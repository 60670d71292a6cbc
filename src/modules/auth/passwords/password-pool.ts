import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { onShutdown } from '../../../infra/lifecycle/index.ts';
import { gauge } from '../../../infra/observability/index.ts';
import type { CompareTask, HashTask } from './hash.worker.ts';
import { isBeyondBcrypt } from './password-rules.ts';

/** One core stays for the event loop: without that a log-in storm stops everything else (stack.md section 5). */
const THREADS = Math.max(1, availableParallelism() - 1);
/** Some 60 ms each at cost 10: whoever would wait for more than about four seconds is refused at once instead. */
const MAX_WAITING = 64 * THREADS;
const RETRY_AFTER_SECONDS = 2;
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

let pool: Piscina | null = null;

gauge({ name: 'quickbite_password_pool_waiting', help: 'Hashes that wait for a thread' }, (self) => {
  self.set(pool?.queueSize ?? 0);
});

/** @throws AppError `overloaded` when too many wait */
export async function hashPassword(password: string): Promise<string> {
  const task: HashTask = { password, cost: config.auth.bcryptCost };
  return (await run('hash', task)) as string;
}

/**
 * Does the same work whether there is a hash or not, so that the time of the answer does not tell who has an account.
 * @throws AppError `overloaded` when too many wait
 */
export async function isPasswordOf(storedHash: string | null, password: string): Promise<boolean> {
  const isPossible = storedHash !== null && !isBeyondBcrypt(password);
  const task: CompareTask = { password, hash: isPossible ? storedHash : hashOfNobody() };
  const isEqual = (await run('compare', task)) as boolean;
  return isPossible && isEqual;
}

/** Well-formed, at our cost, and the hash of no password anybody knows. */
function hashOfNobody(): string {
  return `$2b$${String(config.auth.bcryptCost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

async function run(name: 'hash' | 'compare', task: HashTask | CompareTask): Promise<unknown> {
  pool ??= openPool();
  if (pool.queueSize >= MAX_WAITING) {
    throw new AppError('overloaded', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      info: { waiting: pool.queueSize },
    });
  }
  return (await pool.run(task, { name })) as unknown;
}

function openPool(): Piscina {
  const opened = new Piscina({
    filename: new URL(`./hash.worker${extension}`, import.meta.url).href,
    minThreads: THREADS,
    maxThreads: THREADS,
    maxQueue: MAX_WAITING,
    // Else piscina puts a task that found no free thread behind all others, and under load some wait for many times the median.
    stricterFIFO: true,
  });
  onShutdown('clients', 'password pool', async () => {
    pool = null;
    await opened.close();
  });
  return opened;
}
