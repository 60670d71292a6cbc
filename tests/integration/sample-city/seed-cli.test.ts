import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const PROJECT_ROOT = new URL('../../..', import.meta.url);

function seed(args: string[], env: Record<string, string>): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['scripts/seed.ts', ...args], { cwd: PROJECT_ROOT, env, encoding: 'utf8' });
}

const NOWHERE = { MONGODB_URI: 'mongodb://127.0.0.1:9/quickbite', REDIS_URL: 'redis://127.0.0.1:9' };
const PRODUCTION = {
  ...NOWHERE,
  NODE_ENV: 'production',
  JWT_SECRET: 'a'.repeat(40),
  JWT_REFRESH_SECRET: 'b'.repeat(40),
  QUOTE_SECRET: 'c'.repeat(40),
  ACCOUNT_SECRET: 'd'.repeat(40),
  CORS_ORIGINS: 'https://quickbite.example',
  TRUST_PROXY_HOPS: '1',
  PUBLIC_URL: 'https://api.quickbite.example',
  APP_URL: 'https://quickbite.example',
  PLATFORM_LEGAL_NAME: 'QuickBite Foods Ltd',
  PLATFORM_ADDRESS: '2 Example Quay',
  PLATFORM_TAX_NUMBERS: 'IN:27AAPFU0939F1ZV',
  STRIPE_SECRET_KEY: 'sk',
  STRIPE_PUBLISHABLE_KEY: 'pk',
  STRIPE_WEBHOOK_SECRET: 'whsec',
  SMTP_URL: 'smtps://mail.quickbite.example',
};

describe('npm run seed', () => {
  it('refuses production before it connects to anything', () => {
    const { status, stderr } = seed(['--profile', 'tiny'], PRODUCTION);
    expect(status).toBe(1);
    expect(stderr).toContain('refused in production');
  });

  it('names the profiles when it is asked for another', () => {
    const { status, stderr } = seed(['--profile', 'huge'], NOWHERE);
    expect(status).toBe(1);
    expect(stderr).toContain('There is no profile huge; there are tiny, demo and load.');
  });
});
