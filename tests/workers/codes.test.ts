import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearMail,
  clearMailFaults,
  clearSms,
  clearSmsFaults,
  listMail,
  listSms,
  setMailFaults,
  setSmsFaults,
} from '../../scripts/local-cloud/control-client.ts';
import { config } from '../../src/config/index.ts';
import { redisClients, redisKey } from '../../src/infra/redis/index.ts';
import { withTransaction } from '../../src/infra/mongo/index.ts';
import { metricsRegistry } from '../../src/infra/observability/index.ts';
import { listDeadLetters } from '../../src/infra/queue/dead-letters.ts';
import { appendOutbox } from '../../src/infra/queue/index.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { beginRound, takeCode, type CodeRef, type CodeRequest } from '../../src/modules/auth/codes/code-state.ts';
import { sendCode } from '../../src/modules/notifications/codes.service.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { createUser } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { codeIn, expireCodes, forgetCodes } from '../support/codes.ts';
import { eventually } from '../support/eventually.ts';

const PHONE = '+919955501234';
const { twilioUrl, inboxUrl } = localCloud;

let app: TestApp;
let userId: string;
let email: string;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  await forgetCodes();
  ({ _id: userId, email } = await createUser({ phone: PHONE, phoneVerifiedAt: now() }));
});
afterEach(async () => {
  await Promise.all([clearSms(twilioUrl), clearSmsFaults(twilioUrl), clearMail(inboxUrl), clearMailFaults(inboxUrl)]);
  await emptyCollections();
});
afterAll(() => app.stop());

const bySms = (): CodeRequest => ({ purpose: 'log-in', channel: 'sms', target: PHONE });
const byEmail = (): CodeRequest => ({ purpose: 'log-in', channel: 'email', target: email });

async function promise(request: CodeRequest): Promise<CodeRef> {
  const ref = await beginRound(request);
  const payload = { ...ref, channel: request.channel };
  await withTransaction((tx) => appendOutbox(tx, [{ event: 'auth.code_requested', payload }]));
  return ref;
}

async function kept(): Promise<void> {
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ event: 'auth.code_requested', doneAt: null })).toBe(0);
  });
}

/** Newest first. */
async function texted(): Promise<string[]> {
  return (await listSms(twilioUrl, { to: PHONE })).map(({ body }) => codeIn(body));
}

async function mailed(): Promise<string[]> {
  return (await listMail(inboxUrl, { to: email })).map(({ text }) => codeIn(text));
}

async function sent(result: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('quickbite_sms_total')?.get();
  return metric?.values.find(({ labels }) => labels['result'] === result)?.value ?? 0;
}

describe('a promised text message', () => {
  it.each(['fail_before', 'throttle'] as const)(
    'whose provider answers %s is tried again, with one message',
    async (kind) => {
      const failedBefore = await sent('failed');
      await setSmsFaults(twilioUrl, { kind });
      await promise(bySms());
      await kept();
      const codes = await texted();
      expect(codes).toHaveLength(1);
      expect(await takeCode(bySms(), codes[0] ?? '')).toBe(userId);
      expect(await sent('failed')).toBe(failedBefore + 1);
    },
  );

  it.each(['fail_after', 'lose_answer'] as const)(
    'sent and answered %s comes again with a fresh code, which alone is good',
    async (kind) => {
      await setSmsFaults(twilioUrl, { kind });
      await promise(bySms());
      await kept();
      const [last = '', first = '', ...more] = await texted();
      expect(more).toEqual([]);
      if (first !== last) expect(await takeCode(bySms(), first)).toBeNull();
      expect(await takeCode(bySms(), last)).toBe(userId);
    },
  );

  it('whose provider is silent is given up after five seconds and tried again', async () => {
    await setSmsFaults(twilioUrl, { kind: 'hang_before', ms: 20_000 });
    await promise(bySms());
    await kept();
    expect(await texted()).toHaveLength(1);
  }, 30_000);

  it('to a number that the provider refuses for good ends there: no retry, no dead letter', async () => {
    const refusedBefore = await sent('refused');
    const target = '+15005550009';
    await promise({ purpose: 'verify-phone', channel: 'sms', target, holderId: userId });
    await kept();
    expect(await sent('refused')).toBe(refusedBefore + 1);
    expect(await listSms(twilioUrl)).toEqual([]);
    expect((await listDeadLetters()).filter(({ queue }) => queue === 'code')).toEqual([]);
  });

  it('beyond the budget of the hour is dropped, counted and no dead letter; with room again it goes', async () => {
    const budgetKey = redisKey('quota', 'sms', 'all');
    const droppedBefore = await sent('over_budget');
    await redisClients().cache.sadd(budgetKey, ...Array.from({ length: config.sms.hourlyBudget }, () => newId()));
    await promise(bySms());
    await kept();
    expect(await sent('over_budget')).toBe(droppedBefore + 1);
    expect(await texted()).toEqual([]);
    expect((await listDeadLetters()).filter(({ queue }) => queue === 'code')).toEqual([]);
    await redisClients().cache.del(budgetKey);
    await promise(bySms());
    await kept();
    expect(await texted()).toHaveLength(1);
  });

  it('of a round that was superseded is not sent, so that no stale code comes late', async () => {
    const ref = await beginRound(bySms());
    await promise(bySms());
    await kept();
    await sendCode({ ...ref, channel: 'sms' });
    const codes = await texted();
    expect(codes).toHaveLength(1);
    expect(await takeCode(bySms(), codes[0] ?? '')).toBe(userId);
  });

  it('that comes up after its time is not sent', async () => {
    const ref = await beginRound(bySms());
    await expireCodes();
    await sendCode({ ...ref, channel: 'sms' });
    await sendCode({ ...(await beginRound(bySms())), channel: 'sms' });
    expect(await texted()).toHaveLength(1);
  });
});

describe('a promised mail with a code', () => {
  it('that the server puts off comes later, once', async () => {
    await setMailFaults(inboxUrl, { refuse: 1 });
    await promise(byEmail());
    await kept();
    const codes = await mailed();
    expect(codes).toHaveLength(1);
    expect(await takeCode(byEmail(), codes[0] ?? '')).toBe(userId);
  });

  it('whose answer is lost comes again with a fresh code under another Message-ID', async () => {
    await setMailFaults(inboxUrl, { loseAnswers: 1 });
    await promise(byEmail());
    await kept();
    const [last = '', first = ''] = await mailed();
    const ids = (await listMail(inboxUrl, { to: email })).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    if (first !== last) expect(await takeCode(byEmail(), first)).toBeNull();
    expect(await takeCode(byEmail(), last)).toBe(userId);
  });

  it('of a round that was superseded is not sent', async () => {
    const ref = await beginRound(byEmail());
    await promise(byEmail());
    await kept();
    await sendCode({ ...ref, channel: 'email' });
    expect(await mailed()).toHaveLength(1);
  });
});
