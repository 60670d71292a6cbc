import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';

const INFRA = new URL('../../../src/infra/observability/index.ts', import.meta.url).href;
const END = 'all is logged';

/** The real logger in a process of its own, since it writes straight to the descriptor. */
const SCRIPT = `
  const { logger, runWithStore } = await import(${JSON.stringify(INFRA)});
  process.on('message', ([entries, store]) => {
    const write = () => { for (const entry of entries) logger.info(entry, String(entry.message ?? 'stored')); };
    if (store.requestId === undefined) write(); else runWithStore(store, write);
    logger.info('${END}');
  });
`;
const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
  env: { NODE_ENV: 'test', LOG_LEVEL: 'info' },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
let written = '';
child.stdout?.setEncoding('utf8').on('data', (text: string) => {
  written += text;
});

afterAll(async () => {
  child.kill();
  await once(child, 'close');
});

/** The lines that it writes of these entries. */
async function logged(entries: object[], store: object = {}): Promise<Record<string, unknown>[]> {
  written = '';
  child.send([entries, store]);
  await expect.poll(() => written, { interval: 1, timeout: 10_000 }).toMatch(new RegExp(`"${END}"\\}\\n$`));
  const lines = written.split('\n').filter(Boolean);
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}

const order = {
  _id: '65f0c0ffee0000000000abcd',
  status: 'placed',
  restaurant: { name: 'Biryani Wharf', addressLine: '1 Pier', phone: 'canary-phone', location: { lat: 'canary-lat' } },
  deliveryAddress: { label: 'canary', line1: 'canary', city: 'canary', postcode: 'canary', instructions: 'canary' },
};
const delivery = {
  pin: 'canary-1234',
  handoverCode: 'canary-5678',
  dropoff: { line1: 'canary', city: 'canary', postcode: 'canary', instructions: 'canary' },
};

describe('a log line', () => {
  it('of an order, a delivery and a payment names no address, PIN, code or secret', async () => {
    const payment = { clientSecret: 'canary', authorization: 'canary' };
    const all = { order, delivery, payment };
    const lines = await logged([order, delivery, payment, all, { result: all }]);
    expect(lines).toHaveLength(5);
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(JSON.stringify(lines)).toContain(order._id);
  });

  it.each([
    ...['password', 'currentPassword', 'newPassword', 'token', 'accessToken', 'refreshToken', 'deviceToken'],
    ...['secret', 'otpauthUri', 'challenge', 'recoveryCode', 'codeVerifier', 'downloadUrl', 'signature'],
    ...['clientSecret', 'authorization', 'cookie', 'otp', 'email', 'phone'],
  ])('names no %s, down to the third level', async (key) => {
    const body = { [key]: 'canary' };
    const lines = await logged([body, { body }, { req: { body } }, { job: { req: { body } } }]);
    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(JSON.stringify(lines).match(/\[redacted\]/g)).toHaveLength(4);
  });

  it('names no recovery codes, which are a list', async () => {
    const recoveryCodes = ['canary-1', 'canary-2'];
    expect(JSON.stringify(await logged([{ recoveryCodes }, { body: { recoveryCodes } }]))).not.toContain('canary');
  });

  it.each(['204713', '000000', 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'])(
    'names no code that lets somebody in: %s',
    async (code) => {
      const lines = await logged([{ code }, { body: { code } }, { query: { code } }, { req: { body: { code } } }]);
      expect(lines).toHaveLength(4);
      expect(JSON.stringify(lines)).not.toContain(code);
    },
  );

  it.each(['rate_limited', 'mfa_challenge_invalid', 'ECONNREFUSED', 'ERR_SOCKET_CONNECTION_TIMEOUT', 11000, 20429])(
    'names the code of an error: %s',
    async (code) => {
      const lines = await logged([{ code }, { from: { code } }, { error: { cause: { code } } }]);
      expect(lines).toMatchObject([{ code }, { from: { code } }, { error: { cause: { code } } }]);
    },
  );

  it('stays one line of JSON whatever stands in a name', async () => {
    const name = 'Asha\r\n{"level":"fatal","msg":"forged"}\u2028{{7*7}}';
    const lines = await logged([{ name, message: name }]);
    expect(lines).toMatchObject([{ level: 'info', name, msg: name }]);
  });

  it('carries the id of its request, and its actor as a hash', async () => {
    const userId = '65f0c0ffee0000000000abcd';
    const [line] = await logged([{ step: 1 }], { requestId: 'request-0001', userId, role: 'customer' });
    expect(line).toMatchObject({
      requestId: 'request-0001',
      role: 'customer',
      actor: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
    });
    expect(JSON.stringify(line)).not.toContain(userId);
  });
});
