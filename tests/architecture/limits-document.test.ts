import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LIMITS_FILE, renderLimits } from '../../scripts/contract/limits-document.ts';
import { rateLimitPolicies } from '../../src/http/middleware/rate-limit-policies.ts';

describe('docs/limits.md', () => {
  it('is what the table of policies says (else: npm run generate)', async () => {
    expect(await readFile(LIMITS_FILE, 'utf8')).toBe(await renderLimits());
  });
});

describe('the table of limits', () => {
  it('is strict without Redis wherever secrets are asked for or messages are sent', () => {
    const open = Object.entries(rateLimitPolicies).filter(([, { withoutRedis }]) => withoutRedis === 'open');
    expect(open.map(([name]) => name).toSorted()).toEqual(
      [
        'account',
        'admin',
        'badToken',
        'browse',
        'courierLocation',
        'ordering',
        'unmatched',
        'upload',
        'webhook',
      ].toSorted(),
    );
  });
});
