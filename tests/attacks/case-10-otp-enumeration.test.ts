import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Response } from 'supertest';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { issueCode } from '../../src/modules/auth/codes/codes.service.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { createUser, PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { forgetCodes } from '../support/codes.ts';
import { logInAs } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { watchWrites } from '../support/watch-commands.ts';
import { watchRedis } from '../support/watch-redis.ts';

const KNOWN = '+919955501001';
const UNKNOWN = '+919955501002';
/** What differs between any two answers; the entity tag of a refusal is a hash with the request id in it. */
const OF_THE_MOMENT = ['date', 'etag', 'x-request-id', 'ratelimit-reset', 'ratelimit-remaining', 'ratelimit'];

let app: TestApp;
let user: UserRow;
beforeAll(async () => {
  expect(localCloud.env).toHaveProperty('TWILIO_ACCOUNT_SID');
  app = await startTestApp();
});
beforeEach(async () => {
  await Promise.all([resetRateLimits(), forgetCodes()]);
  user = await createUser({ phone: KNOWN, phoneVerifiedAt: now() });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

/** Everything a stranger sees, apart from the clock. */
function seen(res: Response) {
  const headers = Object.entries(res.headers as Record<string, string>).filter(
    ([name]) => !OF_THE_MOMENT.includes(name),
  );
  return {
    status: res.status,
    headers: Object.fromEntries(headers),
    body: res.text.replace(/"requestId":"[^"]+"/, ''),
  };
}

/** The answer, and the work behind it: writes to MongoDB and commands to Redis, in their order. */
async function observed(send: () => Promise<Response>) {
  let res: Response | undefined;
  let writes: string[] = [];
  const redis = await watchRedis(async () => {
    ({ writes } = await watchWrites(async () => {
      res = await send();
    }));
  });
  if (res === undefined) throw new Error('no answer');
  return { ...seen(res), writes, redis };
}

async function ask(target: object): Promise<Response> {
  return app.request.post('/api/v1/auth/otp/request').send(target);
}

async function verify(phone: string, code: string): Promise<Response> {
  return app.request.post('/api/v1/auth/otp/verify').send({ channel: 'sms', phone, code });
}

async function issueAll(): Promise<(string | null)[]> {
  const rows = await OutboxModel.find({ event: 'auth.code_requested' }).sort({ _id: 1 }).lean();
  const issued = [];
  for (const { payload } of rows) issued.push(await issueCode(payload as { codeId: string; round: string }));
  return issued.map((one) => one?.code ?? null);
}

describe('case 10: enumeration by one-time codes', () => {
  it('a request for a known and an unknown phone is answered alike, after the same work', async () => {
    await ask({ channel: 'sms', phone: '+919955501003' });
    const known = await observed(() => ask({ channel: 'sms', phone: KNOWN }));
    const unknown = await observed(() => ask({ channel: 'sms', phone: UNKNOWN }));
    expect(known).toEqual(unknown);
    expect(known.status).toBe(202);
    expect(known.writes).toEqual(['insert outbox']);
    expect(known.redis.length).toBeGreaterThan(0);
  });

  it('a request for a known and an unknown e-mail is answered alike, after the same work', async () => {
    await ask({ channel: 'email', email: 'first@example.com' });
    const known = await observed(() => ask({ channel: 'email', email: user.email }));
    const unknown = await observed(() => ask({ channel: 'email', email: 'nobody@example.com' }));
    expect(known).toEqual(unknown);
    expect(known.writes).toEqual(['insert outbox']);
  });

  it.each(['suspended', 'unverified'] as const)('an account that is %s cannot be told from none', async (kind) => {
    const phone = '+919955501004';
    if (kind === 'suspended') await createUser({ phone, phoneVerifiedAt: now(), status: 'suspended' });
    else await createUser({ phone });
    const held = await observed(() => ask({ channel: 'sms', phone }));
    expect(held).toEqual(await observed(() => ask({ channel: 'sms', phone: UNKNOWN })));
  });

  it('a wrong code for a known and an unknown phone is answered alike, up to the burning and beyond', async () => {
    for (const phone of [KNOWN, UNKNOWN]) expect((await ask({ channel: 'sms', phone })).status).toBe(202);
    const [code] = await issueAll();
    const wrong = code === '111111' ? '222222' : '111111';
    for (let n = 0; n < 7; n += 1) {
      const known = seen(await verify(KNOWN, wrong));
      expect(known).toEqual(seen(await verify(UNKNOWN, wrong)));
      expect(known.status).toBe(401);
    }
    const known = seen(await ask({ channel: 'sms', phone: KNOWN }));
    const unknown = seen(await ask({ channel: 'sms', phone: UNKNOWN }));
    expect([known.status, unknown.status]).toEqual([429, 429]);
    const withoutSeconds = ({ headers, ...rest }: typeof known) => ({ ...rest, headers: Object.keys(headers) });
    expect(withoutSeconds(known)).toEqual(withoutSeconds(unknown));
  });

  it('a wrong code costs the same work for a known and an unknown phone', async () => {
    for (const phone of [KNOWN, UNKNOWN]) await ask({ channel: 'sms', phone });
    const [code] = await issueAll();
    const wrong = code === '111111' ? '222222' : '111111';
    await verify(UNKNOWN, wrong);
    const known = await observed(() => verify(KNOWN, wrong));
    const unknown = await observed(() => verify(UNKNOWN, wrong));
    // The audit row is written beside the request.
    expect(known.redis).toEqual(unknown.redis);
    expect(known.writes.filter((write) => !write.includes('audit'))).toEqual([]);
    expect(unknown.writes.filter((write) => !write.includes('audit'))).toEqual([]);
  });

  it('asking to prove a number does not tell whether another account has proven it', async () => {
    const { headers } = await logInAs();
    const request = async (phone: string): Promise<Response> =>
      app.request.post('/api/v1/auth/phone/verify/request').set(headers).send({ phone, password: PASSWORD });
    const prove = async (phone: string): Promise<Response> =>
      app.request.post('/api/v1/auth/phone/verify').set(headers).send({ phone, code: '000000' });
    await request('+919955501003');
    expect(await observed(() => request(KNOWN))).toEqual(await observed(() => request(UNKNOWN)));
    const codes = await issueAll();
    if (codes.includes('000000')) return;
    const held = seen(await prove(KNOWN));
    expect(held.status).toBe(401);
    expect(held).toEqual(seen(await prove(UNKNOWN)));
  });
});
