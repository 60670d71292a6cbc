import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { delay } from '../clock.ts';
import { readBody, sendJson, startHttpServer, type RunningServer } from '../http.ts';
import { openKeptItems } from '../kept-items.ts';
import { answerControl } from './control.ts';
import type { Exchange, TwilioOptions } from './exchange.ts';
import { notAuthenticated, notFound, TwilioError } from './errors.ts';
import { takeSmsFault, type SmsFault } from './faults.ts';
import { newMessage, presentMessage, readMessage, type StoredSms } from './message.ts';
import { messagePage } from './message-page.ts';

export interface TwilioServer extends RunningServer {
  /** Newest first. */
  list(): StoredSms[];
}

/** Twilio's Messages resource, speaking its wire protocol to its own SDK. It sends nothing anywhere. */
export async function startTwilioServer(options: TwilioOptions): Promise<TwilioServer> {
  const messages = openKeptItems<StoredSms>(join(options.dataDir, 'sms'));
  const faults: SmsFault[] = [];
  const server = await startHttpServer(options.ports, async (req, res) => {
    await answer({ options, messages, faults, req, res, url: new URL(req.url ?? '/', 'http://twilio') });
  });
  return {
    ...server,
    list: () => messages.list(),
    stop: async () => {
      messages.stop();
      await server.stop();
    },
  };
}

async function answer(exchange: Exchange): Promise<void> {
  if (exchange.url.pathname.startsWith('/_control/')) {
    await answerControl(exchange);
    return;
  }
  try {
    authenticate(exchange);
    await route(exchange);
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    sendJson(exchange.res, error.status, error.toBody());
  }
}

/** Basic: account and token. The account in the path must be the same. */
function authenticate({ options, req, url }: Exchange): void {
  const [scheme = '', given = ''] = (req.headers.authorization ?? '').split(' ');
  const wanted = Buffer.from(Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64'));
  const sent = Buffer.from(given);
  const isRight = /^basic$/i.test(scheme) && sent.length === wanted.length && timingSafeEqual(sent, wanted);
  if (!isRight || !url.pathname.startsWith(`/2010-04-01/Accounts/${options.accountSid}/`)) throw notAuthenticated();
}

async function route(exchange: Exchange): Promise<void> {
  const { options, messages, req, res, url } = exchange;
  const base = `/2010-04-01/Accounts/${options.accountSid}/Messages`;
  const sid = /\/Messages\/(SM[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1];
  if (url.pathname === `${base}.json` && req.method === 'POST') await create(exchange);
  else if (url.pathname === `${base}.json` && req.method === 'GET') {
    sendJson(res, 200, messagePage(messages.list(), { url, accountSid: options.accountSid }));
  } else {
    const message = messages.list().find((one) => one.sid === sid);
    if (message === undefined || req.method !== 'GET') throw notFound(url.pathname);
    sendJson(res, 200, presentMessage(message, options.accountSid, 'delivered'));
  }
}

async function create({ options, messages, faults, req, res }: Exchange): Promise<void> {
  const text = await readBody(req);
  if (req.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
    throw new TwilioError(415, 20415, 'Unsupported media type');
  }
  const fields = readMessage(new URLSearchParams(text), options.from);
  const fault = takeSmsFault(faults, fields.to);
  await before(fault);
  // Whoever has hung up by now sent nothing.
  if (res.destroyed) return;
  const message = newMessage(fields);
  messages.add(message);
  if (fault?.kind === 'lose_answer') {
    res.destroy();
    return;
  }
  if (fault?.kind === 'hang_after') await delay(fault.ms);
  if (fault?.kind === 'fail_after') throw serverFault();
  sendJson(res, 201, presentMessage(message, options.accountSid, 'queued'));
}

async function before(fault: SmsFault | null): Promise<void> {
  if (fault?.kind === 'fail_before') throw serverFault();
  if (fault?.kind === 'throttle') throw new TwilioError(429, 20429, 'Too Many Requests');
  if (fault?.kind === 'hang_before') await delay(fault.ms);
}

function serverFault(): TwilioError {
  return new TwilioError(500, 20500, 'Internal Server Error');
}
