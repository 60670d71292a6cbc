import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { startServices, type Services } from '../../scripts/services/index.ts';
import { bareEnvironment } from './bare-environment.ts';

/**
 * A Redis of this test file's own, to be flushed and stopped. Import it before anything of `src`: it puts the address into the
 * environment, which src/config reads once.
 */
const dataDir = await mkdtemp(join(tmpdir(), 'quickbite-test-redis-'));
let services = await start();
process.env['REDIS_URL'] = services.redisUrl;

export const ownRedis = {
  stop: () => services.stop(),
  /** On the port of before; empty, as after a lost disk. */
  async start(): Promise<void> {
    services = await start();
    if (services.redisUrl !== process.env['REDIS_URL']) throw new Error('somebody took the port of the stopped Redis');
  },
};

afterAll(async () => {
  await services.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function start(): Promise<Services> {
  const environment = bareEnvironment({ MONGODB_URI: inject('services').mongoUri });
  return startServices({ dataDir, purpose: 'test', environment });
}
