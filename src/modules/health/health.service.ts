import { isShuttingDown, onShutdown } from '../../infra/lifecycle/index.ts';
import { isMongoWritable } from '../../infra/mongo/index.ts';
import { isRedisUp } from '../../infra/redis/index.ts';
import { nowMs } from '../../shared/clock.ts';

const PROBE_MS = 2000;
const FRESH_MS = 10_000;

const state = { mongoSeenAtMs: 0, isRedisUp: false };

export interface Readiness {
  isReady: boolean;
  mongo: 'up' | 'down';
  /** Reported, never failing: orders are taken without Redis. */
  redis: 'up' | 'down';
  isDraining: boolean;
}

/** Looks at the dependencies in the background, so that a thousand health calls a second cost none of them anything. */
export async function startHealthProbe(): Promise<void> {
  await probe();
  const interval = setInterval(() => void probe(), PROBE_MS);
  onShutdown('clients', 'health probe', () => {
    clearInterval(interval);
  });
}

/** From the last probe; asks nobody. */
export function readiness(): Readiness {
  const isMongoUp = nowMs() - state.mongoSeenAtMs < FRESH_MS;
  const isDraining = isShuttingDown();
  return {
    isReady: isMongoUp && !isDraining,
    mongo: isMongoUp ? 'up' : 'down',
    redis: state.isRedisUp ? 'up' : 'down',
    isDraining,
  };
}

async function probe(): Promise<void> {
  const [isWritable, isUp] = await Promise.all([isMongoWritable(), isRedisUp()]);
  if (isWritable) state.mongoSeenAtMs = nowMs();
  state.isRedisUp = isUp;
}
