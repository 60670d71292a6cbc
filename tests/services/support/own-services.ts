import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startServices, type Services, type ServicesOptions } from '../../../scripts/services/index.ts';
import { bareEnvironment } from '../../setup/bare-environment.ts';

/** A folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quickbite-services-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Servers for one test; stopped with it unless the test did. */
export async function startOwnServices(options: Partial<ServicesOptions> & { dataDir: string }): Promise<Services> {
  const services = await startServices({ purpose: 'test', environment: bareEnvironment(), ...options });
  onTestFinished(() => services.stop());
  return services;
}
