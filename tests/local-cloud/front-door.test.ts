import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Stripe } from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { book, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { startLocalCloud } from '../../scripts/local-cloud/index.ts';
import { createHeld, makeDataDir, refusalOf, startCloud } from './support.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startTracked(options: Parameters<typeof startCloud>[0] = {}) {
  const running = await startCloud(options);
  cleanups.push(() => running.stop());
  return running;
}

describe('startLocalCloud', () => {
  it('on a new folder, makes keys of its own and tells the API what it needs', async () => {
    const lines: string[] = [];
    const one = await startTracked({ onLine: (line) => lines.push(line) });
    const other = await startTracked();
    expect(one.cloud.env).toMatchObject({
      STRIPE_SECRET_KEY: expect.stringMatching(/^sk_test_local_\w{32}$/) as string,
      STRIPE_PUBLISHABLE_KEY: expect.stringMatching(/^pk_test_local_\w{32}$/) as string,
      STRIPE_WEBHOOK_SECRET: expect.stringMatching(/^whsec_\w{32}$/) as string,
      STRIPE_API_BASE_URL: one.cloud.stripeUrl,
      SMTP_URL: one.cloud.smtpUrl,
      TWILIO_ACCOUNT_SID: expect.stringMatching(/^AC[0-9a-f]{32}$/) as string,
      TWILIO_AUTH_TOKEN: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      TWILIO_FROM: '+15005550006',
      TWILIO_API_BASE_URL: one.cloud.twilioUrl,
    });
    for (const name of ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET', 'TWILIO_AUTH_TOKEN']) {
      expect(one.secretOf(name)).not.toBe(other.secretOf(name));
    }
    for (const url of [one.cloud.stripeUrl, one.cloud.twilioUrl, one.cloud.inboxUrl])
      expect(lines.join('\n')).toContain(url);
    expect((await stat(path.join(one.dataDir, 'settings.json'))).mode & 0o077).toBe(0);
  });

  it('on the folder of a former start, has the same keys, ports and book', async () => {
    const running = await startTracked();
    const { env } = running.cloud;
    const held = await createHeld(running, 900);
    const keyed = await running.stripe.paymentIntents.capture(held.id, {}, { idempotencyKey: 'capture-1' });
    const before = await book(running.cloud.stripeUrl);
    await running.restart();
    expect(running.cloud.env).toEqual(env);
    expect(await book(running.cloud.stripeUrl)).toEqual(before);
    const again = await running.stripe.paymentIntents.capture(held.id, {}, { idempotencyKey: 'capture-1' });
    expect(again).toEqual({ ...keyed });
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    const other = running.stripe.paymentIntents.capture(
      held.id,
      { amount_to_capture: 1 },
      { idempotencyKey: 'capture-1' },
    );
    expect(await refusalOf(other)).toMatchObject({ type: 'StripeIdempotencyError' });
    expect(await refusalOf(running.stripe.paymentIntents.capture(held.id))).toMatchObject({ statusCode: 400 });
  });

  it('whose remembered port is taken, takes another', async () => {
    const running = await startTracked();
    const { port } = new URL(running.cloud.stripeUrl);
    await running.cloud.stop();
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    await once(squatter, 'listening');
    cleanups.push(async () => {
      squatter.close();
      await once(squatter, 'close');
    });
    running.cloud = await startLocalCloud({ dataDir: running.dataDir });
    expect(new URL(running.cloud.stripeUrl).port).not.toBe(port);
  });

  it('told to use a port that is taken, says so and leaves nothing running', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const dataDir = await makeDataDir();
    for (const name of ['stripePort', 'smtpPort', 'inboxPort']) {
      await expect(startLocalCloud({ dataDir, [name]: port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    }
    squatter.close();
    await once(squatter, 'close');
    // The folder's lock is free, so none of the three left its book open.
    await startTracked({ dataDir, stripePort: port });
  });

  it('on a folder in use, refuses rather than deliver everything twice', async () => {
    const running = await startTracked();
    await expect(startLocalCloud({ dataDir: running.dataDir })).rejects.toThrow(/another local cloud/);
  });

  it('stopped while a request hangs, stops at once', async () => {
    const running = await startCloud();
    await setFaults(running.cloud.stripeUrl, { requests: [{ kind: 'hang_before', ms: 60_000 }] });
    const hanging = refusalOf(createHeld(running));
    await new Promise((resolve) => setTimeout(resolve, 100));
    // It would hang for longer than this test may take.
    await running.stop();
    expect(await hanging).toMatchObject({ type: 'StripeConnectionError' });
  });

  it('reached under a foreign host name, refuses', async () => {
    const running = await startTracked();
    const { port } = new URL(running.cloud.stripeUrl);
    const statuses = await Promise.all(
      [running.cloud.stripeUrl, running.cloud.inboxUrl].map((url) => statusWithHost(url, `evil.example:${port}`)),
    );
    expect(statuses).toEqual([403, 403]);
  });
});

describe('the control API', () => {
  it('sent anything but JSON, refuses, so that no web page can drive it', async () => {
    const running = await startTracked();
    const response = await fetch(`${running.cloud.stripeUrl}/_control/faults`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(400);
    expect((await fetch(`${running.cloud.stripeUrl}/_control/nothing`)).status).toBe(404);
  });
});

describe('main.ts', () => {
  it('killed without warning, keeps every payment it answered', async () => {
    const dataDir = await makeDataDir();
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const first = await spawnMain(dataDir);
    const stripe = sdkFor(first.env);
    const intent = await stripe.paymentIntents.create({ amount: 4321, currency: 'inr' }, { idempotencyKey: 'k1' });
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await spawnMain(dataDir);
    expect(second.env).toEqual(first.env);
    expect(await sdkFor(second.env).paymentIntents.retrieve(intent.id)).toEqual({ ...intent });
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });

  it('on a folder in use, says why in one line and fails', async () => {
    const running = await startTracked();
    const child = spawn(process.execPath, ['scripts/local-cloud/main.ts', '--data', running.dataDir]);
    const chunks: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(Buffer.concat(chunks).toString()).toMatch(/^.*another local cloud.*\n$/);
  });
});

describe('the settings file', () => {
  it('damaged, is named instead of silently replaced', async () => {
    const running = await startTracked();
    await running.cloud.stop();
    const file = path.join(running.dataDir, 'settings.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('ports.stripe');
    await rm(file);
    await writeFile(file, '{"secretKey":');
    await expect(startLocalCloud({ dataDir: running.dataDir })).rejects.toThrow(/settings\.json is damaged/);
    await rm(file);
    running.cloud = await startLocalCloud({ dataDir: running.dataDir });
  });
});

function sdkFor(env: Record<string, string>): Stripe {
  const { hostname, port } = new URL(env['STRIPE_API_BASE_URL'] ?? '');
  return new Stripe(env['STRIPE_SECRET_KEY'] ?? '', { host: hostname, port, protocol: 'http' });
}

/** Started once its last variable is printed. */
async function spawnMain(dataDir: string): Promise<{ child: ChildProcess; env: Record<string, string> }> {
  const child = spawn(process.execPath, ['scripts/local-cloud/main.ts', '--data', dataDir]);
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== '') env[name] = value;
    if (name === 'SMTP_URL') break;
  }
  return { child, env };
}

function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { Host: host } }, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
