import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { bareEnvironment } from '../setup/bare-environment.ts';
import { startOwnServices, temporaryFolder } from './support/own-services.ts';
import { isRunning, mongodPid, redisPid } from './support/pids.ts';

const HOLDER = join(import.meta.dirname, 'support/hold-services.ts');

describe('servers whose parent is killed', { timeout: 60_000 }, () => {
  it('are gone soon after, and their data opens again', async () => {
    const dataDir = await temporaryFolder();
    const parent = spawn(process.execPath, [HOLDER, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: bareEnvironment(),
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const { mongoUri, redisUrl } = JSON.parse(line) as { mongoUri: string; redisUrl: string };
    const pids = [await mongodPid(mongoUri), await redisPid(redisUrl)];
    expect(pids.every(isRunning)).toBe(true);

    parent.kill('SIGKILL');
    await vi.waitFor(
      () => {
        expect(pids.filter(isRunning)).toEqual([]);
      },
      { timeout: 8000, interval: 20 },
    );
    expect((await startOwnServices({ dataDir })).ownsServers).toBe(true);
  });
});
