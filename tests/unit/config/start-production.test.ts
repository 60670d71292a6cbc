import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it.each(['server', 'worker'])(
  '%s refuses to start in production with nothing set, and says all that is missing',
  async (name) => {
    const main = fileURLToPath(new URL(`../../../src/${name}.ts`, import.meta.url));
    // Started elsewhere, so that no .env file of the developer fills the gaps.
    const child = spawn(process.execPath, [main], { cwd: tmpdir(), env: { NODE_ENV: 'production' } });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const listed = [...stderr.matchAll(/^ {2}- (\w+): must be set in production$/gm)].map(([, key]) => key);
    expect(listed.toSorted()).toEqual([
      'ACCOUNT_SECRET',
      'APP_URL',
      'CORS_ORIGINS',
      'JWT_REFRESH_SECRET',
      'JWT_SECRET',
      'MONGODB_URI',
      'PLATFORM_ADDRESS',
      'PLATFORM_LEGAL_NAME',
      'PLATFORM_TAX_NUMBERS',
      'PUBLIC_URL',
      'QUOTE_SECRET',
      'REDIS_URL',
      'SMTP_URL',
      'STRIPE_PUBLISHABLE_KEY',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'TRUST_PROXY_HOPS',
    ]);
    expect(stderr).not.toMatch(/\n\s+at |development-only/);
  },
);
