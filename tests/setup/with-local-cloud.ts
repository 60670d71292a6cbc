import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startLocalCloud } from '../../scripts/local-cloud/index.ts';

/**
 * The vendors of this test file. Import it before anything of `src`: it puts their addresses and keys into the environment, which
 * src/config reads once.
 */
const dataDir = await mkdtemp(join(tmpdir(), 'quickbite-test-cloud-'));
export const localCloud = await startLocalCloud({ dataDir });
Object.assign(process.env, localCloud.env);

afterAll(async () => {
  await localCloud.stop();
  await rm(dataDir, { recursive: true, force: true });
});
