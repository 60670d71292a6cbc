import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SRC = new URL('../../../src/', import.meta.url).href;

/** The line of a reported error, from a process of its own: the logger writes straight to the descriptor. */
async function lineOf(code: string): Promise<Record<string, unknown>> {
  const script = `
    const { AppError } = await import('${SRC}errors/index.ts');
    const { reportError } = await import('${SRC}infra/observability/index.ts');
    reportError(new AppError('${code}', { cause: new Error('jwt malformed') }), { where: 'GET /api/v1/me' });
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { NODE_ENV: 'test', LOG_LEVEL: 'info' },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it.each([
  ['token_expired', 'info'],
  ['token_invalid', 'warn'],
])('a refusal such as %s is logged without a stack', async (code, level) => {
  const line = await lineOf(code);
  expect(line).toMatchObject({ level, code, where: 'GET /api/v1/me' });
  expect(line).not.toHaveProperty('err');
});

it('a fault is logged with its stack', async () => {
  expect(await lineOf('internal_error')).toMatchObject({
    level: 'error',
    err: { stack: expect.stringContaining('Error') as unknown },
  });
});
