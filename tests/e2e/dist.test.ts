import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { startProcess } from '../../scripts/processes.ts';
import { waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { Player } from '../../scripts/demo/player.ts';
import { startApi, startWorker } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Inside the project, because a build finds its packages from where it lies. The next run removes what a killed one left. */
const OUT = `.cache/test-${process.pid}-dist`;
/** The compiler checks every type: some ten seconds, more while other tests run. */
const BUILD_TIMEOUT_MS = 180_000;

afterAll(() => rm(join(ROOT, OUT), { recursive: true, force: true }));

it(
  'what `npm run build` makes starts, is ready, hashes a password and sends a mail',
  async () => {
    const build = await startProcess({ name: 'build', args: [join(ROOT, 'scripts/build.ts'), '--out', OUT] });
    expect(await build.exited).toBe(0);

    const [api, worker] = await Promise.all([startApi({}, OUT), startWorker({}, OUT)]);
    for (const url of [
      `${api.base}/health/ready`,
      `${api.privateUrl}/health/ready`,
      `${worker.privateUrl}/health/ready`,
    ]) {
      expect([url, (await fetch(url)).status]).toEqual([url, 200]);
    }
    const email = 'built@example.com';
    await new Player('guest', api.base).call('POST', '/auth/signup', {
      body: { email, name: 'Built Guest', password: 'correct horse battery' },
    });
    const mail = await waitForMail(localCloud.inboxUrl, { to: email });
    // Two are on their way, in no order.
    expect(['Welcome to QuickBite', 'Confirm your e-mail address']).toContain(mail.subject);
    expect([await api.end('SIGTERM'), await worker.end('SIGTERM')]).toEqual([0, 0]);
  },
  BUILD_TIMEOUT_MS,
);
