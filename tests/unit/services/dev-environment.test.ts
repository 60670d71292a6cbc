import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { developerEnvironment, withLocalCloud } from '../../../scripts/dev-environment.ts';

function dotEnv(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'quickbite-env-')), '.env');
  writeFileSync(file, text);
  return file;
}

const EXAMPLE = join(import.meta.dirname, '../../../.env.example');
const cloud = { STRIPE_SECRET_KEY: 'sk_test_local', STRIPE_API_BASE_URL: 'http://127.0.0.1:1', SMTP_URL: 'smtp://x' };

describe('developerEnvironment', () => {
  it('takes a copy of .env.example as no choice at all', () => {
    expect(developerEnvironment({}, EXAMPLE)).toEqual({});
  });

  it('takes what .env says differently, and the shell before it', () => {
    const file = dotEnv('PORT=6000\nREDIS_URL=redis://elsewhere:1\nJWT_SECRET=\n');
    expect(developerEnvironment({ PORT: '7000' }, file)).toEqual({ PORT: '7000', REDIS_URL: 'redis://elsewhere:1' });
  });

  it('does without a .env file', () => {
    expect(developerEnvironment({ A: '1' }, '/nonexistent/.env')).toEqual({ A: '1' });
  });
});

describe('withLocalCloud', () => {
  it('puts the local vendors under what the developer chose', () => {
    expect(withLocalCloud({ SMTP_URL: 'smtp://mine' }, cloud)).toEqual({ ...cloud, SMTP_URL: 'smtp://mine' });
  });

  it('leaves the payment provider to a developer with a key of their own', () => {
    const env = withLocalCloud({ STRIPE_SECRET_KEY: 'sk_test_mine' }, cloud);
    expect(env).toEqual({ STRIPE_SECRET_KEY: 'sk_test_mine', SMTP_URL: 'smtp://x' });
  });

  it.each(['GOOGLE', 'GITHUB'])('leaves log-in with %s to a developer with a client of their own', (prefix) => {
    const local = { [`${prefix}_CLIENT_ID`]: 'local', [`${prefix}_CLIENT_SECRET`]: 'local', SMTP_URL: 'smtp://x' };
    const env = withLocalCloud({ [`${prefix}_CLIENT_ID`]: 'mine' }, local);
    expect(env).toEqual({ [`${prefix}_CLIENT_ID`]: 'mine', SMTP_URL: 'smtp://x' });
  });

  it('leaves text messages to a developer with an account of their own', () => {
    const local = { TWILIO_ACCOUNT_SID: 'AClocal', TWILIO_API_BASE_URL: 'http://127.0.0.1:1', SMTP_URL: 'smtp://x' };
    expect(withLocalCloud({ TWILIO_ACCOUNT_SID: 'ACmine' }, local)).toEqual({
      TWILIO_ACCOUNT_SID: 'ACmine',
      SMTP_URL: 'smtp://x',
    });
  });
});
