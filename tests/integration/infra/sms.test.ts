import { inspect } from 'node:util';
import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { clearSms, clearSmsFaults, listSms, setSmsFaults } from '../../../scripts/local-cloud/control-client.ts';
import { sendSms, SmsFailure } from '../../../src/infra/sms/index.ts';

const TO = '+919955501234';
const BODY = '204713 is your code';
const { twilioUrl } = localCloud;

afterEach(async () => {
  await Promise.all([clearSms(twilioUrl), clearSmsFaults(twilioUrl)]);
});

async function failureOf(to: string): Promise<SmsFailure> {
  const failure = await sendSms({ to, body: BODY }).catch((error: unknown) => error);
  if (!(failure instanceof SmsFailure)) throw new Error('it did not fail as it should');
  return failure;
}

describe('sendSms', () => {
  it('to a number in order, hands it to the provider with our sender', async () => {
    await sendSms({ to: TO, body: BODY });
    expect(await listSms(twilioUrl)).toMatchObject([{ to: TO, body: BODY, from: '+15005550006' }]);
  });

  it.each([
    ['+15005550001', 21211],
    ['+15005550002', 21612],
    ['+15005550003', 21408],
    ['+15005550004', 21610],
    ['+15005550009', 21614],
  ])('to %s, fails for good', async (to, code) => {
    expect(await failureOf(to)).toMatchObject({ code, isPermanent: true });
  });

  it.each([
    ['fail_before', 20500],
    ['fail_after', 20500],
    ['throttle', 20429],
    ['lose_answer', 'ECONNRESET'],
  ] as const)('with the fault %s, fails for now', async (kind, code) => {
    await setSmsFaults(twilioUrl, { kind });
    expect(await failureOf(TO)).toMatchObject({ code, isPermanent: false });
  });

  it('failing, says neither number nor text nor secret, wherever one looks', async () => {
    const secrets = ['15005550001', TO.slice(1), '204713', localCloud.env['TWILIO_AUTH_TOKEN'] ?? ''];
    await setSmsFaults(twilioUrl, { kind: 'lose_answer', to: TO });
    for (const failure of [await failureOf('+15005550001'), await failureOf(TO)]) {
      const all = `${inspect(failure, { depth: null, showHidden: true })}${failure.stack ?? ''}${JSON.stringify(failure)}`;
      for (const secret of secrets) expect(all).not.toContain(secret);
    }
  });
});
