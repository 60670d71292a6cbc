import { logger } from '../../infra/observability/index.ts';
import { sendSms, SmsFailure, takeSmsBudget } from '../../infra/sms/index.ts';
import { issueCode, type IssuedCode } from '../auth/index.ts';
import { lifeText } from './account-mail.service.ts';
import { sendOnce, type Letter } from './send-once.service.ts';

interface CodeToSend {
  codeId: string;
  round: string;
  channel: 'sms' | 'email';
}

/** @throws what the provider or the mail server throws, and `service_unavailable`; the caller is a job and retries */
export async function sendCode({ channel, ...ref }: CodeToSend): Promise<void> {
  if (channel === 'email') {
    const prepare = async (): Promise<Letter | null> => letterWith(await issueCode(ref));
    await sendOnce({ kind: 'log-in-code', subjectId: ref.round, prepare });
    return;
  }
  const issued = await issueCode(ref);
  if (issued !== null && (await takeSmsBudget())) await sendText(issued);
}

async function sendText({ target, code, lifeSeconds }: IssuedCode): Promise<void> {
  try {
    await sendSms({ to: target, body: smsText(code, lifeSeconds) });
  } catch (error) {
    if (!(error instanceof SmsFailure) || !error.isPermanent) throw error;
    // Nobody has to act: whoever typed the number sees that nothing comes.
    logger.warn({ smsCode: error.code }, 'no text message: the provider cannot reach this number');
  }
}

/** Code first, for the preview on a locked screen; within one segment of 160 plain characters. */
function smsText(code: string, lifeSeconds: number): string {
  return `${code} is your QuickBite code, good for ${lifeText(lifeSeconds)}. Never share it: we never ask for it.`;
}

/** Not in the subject: subjects stand in lists, previews and the logs of mail servers. */
function letterWith(issued: IssuedCode | null): Letter | null {
  if (issued === null) return null;
  const { target, code, lifeSeconds } = issued;
  return { to: target, subject: 'Your QuickBite code', data: { code, life: lifeText(lifeSeconds) } };
}
