import { apiKilled } from './r01-api-killed.ts';
import { workerKilled } from './r02-worker-killed.ts';
import { workerFrozen } from './r03-worker-frozen.ts';
import { redisKilled } from './r07-redis-killed.ts';
import { redisFlushed } from './r08-redis-flushed.ts';
import { redisFrozen } from './r09-redis-frozen.ts';
import { relayKilled } from './r15-relay-killed.ts';
import { providerSilent } from './r17-provider-silent.ts';
import { webhooksShuffled } from './r19-webhooks-shuffled.ts';
import { answersDropped } from './r20-answers-dropped.ts';
import { poisonedJob } from './r26-poisoned-job.ts';
import type { Scenario } from './types.ts';

/** Every scenario that `npm run faults -- <name>` knows, by its number in bar.md 2.3. */
export const scenarios: readonly Scenario[] = [
  apiKilled,
  workerKilled,
  workerFrozen,
  redisKilled,
  redisFlushed,
  redisFrozen,
  relayKilled,
  providerSilent,
  webhooksShuffled,
  answersDropped,
  poisonedJob,
];
