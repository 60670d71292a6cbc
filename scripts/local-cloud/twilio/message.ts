import { randomBytes } from 'node:crypto';
import { isoTime, realNowMs } from '../clock.ts';
import { badRequest } from './errors.ts';

export interface StoredSms {
  sid: string;
  receivedAt: string;
  from: string;
  to: string;
  body: string;
}

const MAX_BODY = 1600;
/** GSM 7-bit text: 160 in one segment, 153 in each of several; any other character makes all of it UCS-2. */
const GSM = /^[\w\s@£$¥èéùìòÇØøÅåÄäÖöÑñÜüàÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡¿§^{}\\[~\]|€]*$/;
const INTERNATIONAL = /^\+[1-9]\d{6,14}$/;
/** The numbers with which Twilio's own test credentials show its refusals. */
const REFUSED_NUMBERS = new Map<string, (to: string) => [number, string]>([
  ['+15005550001', (to) => [21211, `The 'To' number ${to} is not a valid phone number.`]],
  ['+15005550002', (to) => [21612, `The 'To' phone number: ${to}, is not currently reachable.`]],
  ['+15005550003', (to) => [21408, `Permission to send an SMS has not been enabled for the region of ${to}.`]],
  ['+15005550004', () => [21610, 'Attempt to send to unsubscribed recipient']],
  ['+15005550009', (to) => [21614, `'To' number ${to} is not a mobile number`]],
]);

/** @throws TwilioError in the order in which the vendor looks */
export function readMessage(form: URLSearchParams, ownNumber: string): Pick<StoredSms, 'from' | 'to' | 'body'> {
  const [to, from, body] = ['To', 'From', 'Body'].map((name) => form.get(name) ?? '') as [string, string, string];
  if (to === '') throw badRequest(21604, "A 'To' phone number is required.");
  if (from === '') throw badRequest(21603, "A 'From' phone number is required.");
  if (body === '') throw badRequest(21602, 'Message body is required.');
  if (body.length > MAX_BODY) throw badRequest(21617, 'The concatenated message body exceeds the 1600 character limit');
  if (!INTERNATIONAL.test(from)) throw badRequest(21212, `The 'From' number ${from} is not a valid phone number.`);
  if (from !== ownNumber) {
    throw badRequest(21606, `The 'From' phone number provided (${from}) is not a valid message-capable number.`);
  }
  if (!INTERNATIONAL.test(to)) throw badRequest(21211, `The 'To' number ${to} is not a valid phone number.`);
  const refusal = REFUSED_NUMBERS.get(to)?.(to);
  if (refusal !== undefined) throw badRequest(...refusal);
  return { to, from, body };
}

export function newMessage(fields: Pick<StoredSms, 'from' | 'to' | 'body'>): StoredSms {
  return { sid: `SM${randomBytes(16).toString('hex')}`, receivedAt: isoTime(realNowMs()), ...fields };
}

/** As the vendor presents it: `queued` in the answer to the sender, delivered for whoever asks later. */
export function presentMessage(message: StoredSms, accountSid: string, status: 'queued' | 'delivered'): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  const created = rfc2822(message.receivedAt);
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: created,
    date_sent: status === 'queued' ? null : created,
    date_updated: created,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(segmentsOf(message.body)),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

export function segmentsOf(body: string): number {
  const [single, several] = GSM.test(body) ? [160, 153] : [70, 67];
  return body.length <= single ? 1 : Math.ceil(body.length / several);
}

/** `Thu, 24 Aug 2023 05:01:45 +0000`. */
function rfc2822(time: string): string {
  return new Date(time).toUTCString().replace('GMT', '+0000');
}
