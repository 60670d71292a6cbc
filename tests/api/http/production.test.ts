import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, stopProcess, type Child } from '../../../scripts/processes.ts';
import { eventually } from '../../support/eventually.ts';

const SECRET = 'production-like-secret-of-this-test-';
const SERVER = join(import.meta.dirname, '../../../src/server.ts');

let child: Child;
let base: string;
let privateBase: string;
const lines: string[] = [];

interface LogLine {
  time: string;
  level: string;
  service: string;
  msg: string;
  requestId?: string;
  route?: string;
  status?: number;
  port?: number;
  privatePort?: number;
}

function logged(): LogLine[] {
  return lines.map((line) => JSON.parse(line) as LogLine);
}

beforeAll(async () => {
  child = await startProcess({
    name: 'api',
    args: [SERVER],
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      DOCS: 'true',
      CORS_ORIGINS: 'https://app.quickbite.example',
      TRUST_PROXY_HOPS: '1',
      PUBLIC_URL: 'https://api.quickbite.example',
      APP_URL: 'https://quickbite.example',
      PLATFORM_LEGAL_NAME: 'QuickBite Foods Ltd',
      PLATFORM_ADDRESS: '2 Example Quay',
      PLATFORM_TAX_NUMBERS: 'IN:27AAPFU0939F1ZV',
      JWT_SECRET: `${SECRET}access`,
      JWT_REFRESH_SECRET: `${SECRET}refresh`,
      QUOTE_SECRET: `${SECRET}quote`,
      ACCOUNT_SECRET: `${SECRET}account`,
      BCRYPT_COST: '10',
    },
    onLine: (line) => lines.push(line),
  });
  const { port, privatePort } = await eventually(() => {
    const line = lines.find((one) => one.includes('api listening'));
    if (line === undefined) throw new Error(lines.join('\n') || 'not listening yet');
    return JSON.parse(line) as LogLine;
  });
  base = `http://127.0.0.1:${port ?? 0}`;
  privateBase = `http://127.0.0.1:${privatePort ?? 0}`;
});
afterAll(() => stopProcess(child, 10_000));

describe('in production', () => {
  it.each(['/docs', '/docs/', '/openapi.json', '/docs/swagger-ui-bundle.js', '/metrics'])(
    '%s is not served',
    async (path) => {
      expect((await fetch(base + path)).status).toBe(404);
    },
  );

  it('only the configured origins are allowed, not those of a developer', async () => {
    const allowed = async (origin: string) => (await fetch(`${base}/health/live`, { headers: { origin } })).status;
    expect(await allowed('http://localhost:3000')).toBe(200);
    const headersFor = async (origin: string) => (await fetch(`${base}/api/v1/me`, { headers: { origin } })).headers;
    expect((await headersFor('http://localhost:3000')).get('access-control-allow-origin')).toBeNull();
    expect((await headersFor('https://app.quickbite.example')).get('access-control-allow-origin')).toBe(
      'https://app.quickbite.example',
    );
  });

  it('the process is measured on its private port', async () => {
    expect(await (await fetch(`${privateBase}/metrics`)).text()).toContain('process_cpu_user_seconds_total');
  });
});

describe('the log of the process', () => {
  it('is one JSON object per line, in UTC, and names its service', () => {
    for (const line of logged()) {
      expect(line).toMatchObject({
        service: 'quickbite-api',
        level: 'info',
        time: expect.stringMatching(/Z$/) as unknown,
      });
    }
  });

  it('has the request id on the line of every request, and neither token, query nor body', async () => {
    const headers = {
      'x-request-id': 'request-of-this-test',
      authorization: 'Bearer canary.canary.canary',
      cookie: 'session=canary',
      'user-agent': 'canary',
    };
    await fetch(`${base}/api/v1/me?token=canary`, { headers });
    await fetch(`${base}/api/v1/auth/login`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'canary@example.com', password: 'canary\r\n{"level":"fatal"}' }),
    });
    const requests = await eventually(() => {
      const found = logged().filter(({ requestId }) => requestId === 'request-of-this-test');
      expect(found.filter(({ msg }) => msg === 'request')).toHaveLength(2);
      return found;
    });
    expect(requests.map(({ route, status }) => `${route ?? ''} ${status ?? ''}`)).toEqual(
      expect.arrayContaining(['/api/v1/me 401', '/api/v1/auth/login 401']),
    );
    expect(lines.join('\n')).not.toContain('canary');
    expect(lines.join('\n')).not.toContain(SECRET);
  });

  it('ends with the shutdown that was asked for, and exit code 0', async () => {
    process.kill(child.pid, 'SIGTERM');
    expect(await child.exited).toBe(0);
    expect(logged().at(-1)).toMatchObject({ msg: 'shut down', reason: 'SIGTERM' });
  });
});
