import twilio, { type Twilio } from 'twilio';
import { config } from '../../config/index.ts';
import { counter, logger } from '../observability/index.ts';
import { takePlace } from '../redis/index.ts';
import { newId } from '../../shared/ids.ts';

interface Sms {
  /** International form. */
  to: string;
  body: string;
}

/** A person waits for the text: rather another attempt soon than a long wait for this one. */
const TIMEOUT_MS = 5000;
/** What the vendor says of the number itself: not valid, not reachable, country not enabled, unsubscribed, no mobile. */
const NUMBER_FAULTS = new Set([21211, 21214, 21217, 21219, 21408, 21610, 21612, 21614]);

const results = counter('quickbite_sms_total', 'Text messages handed to the provider', ['result']);
let client: Twilio | null = null;

/**
 * Deliberately without `cause`: what the SDK throws carries the request with the text in it, or repeats the number in its message,
 * and the queue stores messages and stacks.
 */
export class SmsFailure extends Error {
  override readonly name = 'SmsFailure';
  /** The vendor's, or that of the socket. */
  readonly code: string | number;
  /** No later attempt to this number will do better. */
  readonly isPermanent: boolean;

  constructor(code: string | number, status: number | null) {
    super(`the SMS provider did not take the message (${[code, status].filter((part) => part !== null).join(', ')})`);
    this.code = code;
    this.isPermanent = status !== null && typeof code === 'number' && NUMBER_FAULTS.has(code);
  }
}

/**
 * Takes one of the hour's messages: whatever gets past the limits of the routes, the bill stays under a number that we chose. A
 * human must look, since real people get no code now.
 * @returns false when the hour's are used up; the message must not be sent
 */
export async function takeSmsBudget(): Promise<boolean> {
  const quota = { name: 'sms', limit: config.sms.hourlyBudget, windowSeconds: 3600 };
  if (await takePlace(quota, { key: 'all', subjectId: newId() })) return true;
  results.inc({ result: 'over_budget' });
  logger.error({ budget: quota.limit }, 'no text message: the budget of the hour is used up');
  return false;
}

/** Whether there is an account to send from. */
export function isSmsOn(): boolean {
  return config.sms.accountSid !== '';
}

/**
 * Hands one text message to the provider and waits for its answer. There is no idempotency key: an answer that is lost may mean a
 * message that was sent.
 * @throws SmsFailure
 */
export async function sendSms({ to, body }: Sms): Promise<void> {
  try {
    await smsClient().messages.create({ to, body, from: config.sms.from });
    results.inc({ result: 'ok' });
  } catch (error) {
    const failure = toFailure(error);
    results.inc({ result: failure.isPermanent ? 'refused' : 'failed' });
    throw failure;
  }
}

function toFailure(error: unknown): SmsFailure {
  const { code, status } = error as { code?: unknown; status?: unknown };
  const isCode = typeof code === 'number' || typeof code === 'string';
  return new SmsFailure(isCode ? code : 'no code', typeof status === 'number' ? status : null);
}

/** The SDK's own retries stay off: the job retries, with a new code. */
function smsClient(): Twilio {
  if (client !== null) return client;
  const { accountSid, authToken, apiBaseUrl } = config.sms;
  client = twilio(accountSid, authToken, { timeout: TIMEOUT_MS, autoRetry: false });
  client.api.baseUrl = apiBaseUrl;
  return client;
}
