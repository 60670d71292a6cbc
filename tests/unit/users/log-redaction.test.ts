import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildAddress, buildUser } from '../../factories/user.ts';

const LOGGER = new URL('../../../src/infra/observability/index.ts', import.meta.url).href;

/** What the real logger writes for these entries; in a process of its own, because it writes straight to the descriptor. */
async function logged(entries: object[]): Promise<string> {
  const script = `
    const { logger } = await import(${JSON.stringify(LOGGER)});
    for (const entry of JSON.parse(process.argv[1])) logger.info(entry, 'canary');
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script, '--', JSON.stringify(entries)],
    { env: { NODE_ENV: 'test', LOG_LEVEL: 'info' } },
  );
  return stdout;
}

describe('the log', () => {
  it('of a full user names no secret and no personal detail, however deep it lies', async () => {
    const user = buildUser({
      email: 'canary-mail@example.com',
      phone: '+915550100999',
      addresses: [buildAddress({ line1: 'canary line one', line2: 'canary line two', instructions: 'canary ring' })],
    });
    const login = {
      email: user.email,
      password: 'canary password',
      accessToken: 'canary.access.token',
      refreshToken: 'canary-refresh-token',
    };
    const output = await logged([user, { user }, { req: { body: login } }, { a: { b: { user } } }, login]);
    expect(output.trim().split('\n')).toHaveLength(5);
    const secrets = [user.passwordHash, user.phone ?? '', '74.8211', 'canary-mail', 'canary line', 'canary ring'];
    for (const secret of [...secrets, ...Object.values(login)]) expect(output).not.toContain(secret);
    expect(output).toContain(user._id);
  });
});
