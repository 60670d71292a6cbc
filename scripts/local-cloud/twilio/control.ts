import { z } from 'zod';
import { answerControlRequest, readBody, sendJson } from '../http.ts';
import { smsFaultsSchema } from './faults.ts';
import type { StoredSms } from './message.ts';
import type { Exchange } from './exchange.ts';

const filterSchema = z.strictObject({ to: z.string().optional(), body: z.string().optional() });
const waitSchema = filterSchema.extend({ timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000) });

/** What no vendor offers: reading what was sent, and faults on request. */
export async function answerControl(exchange: Exchange): Promise<void> {
  await answerControlRequest(exchange.res, () => route(exchange));
}

async function route(exchange: Exchange): Promise<void> {
  const { messages, faults, req, res, url } = exchange;
  switch (`${req.method ?? ''} ${url.pathname}`) {
    case 'GET /_control/messages':
      sendJson(res, 200, { data: fitting(messages.list(), filterSchema.parse(Object.fromEntries(url.searchParams))) });
      return;
    case 'DELETE /_control/messages':
      messages.clear();
      sendJson(res, 200, {});
      return;
    case 'GET /_control/messages/wait':
      await waitForMessage(exchange);
      return;
    case 'POST /_control/faults':
      await setFaults(exchange);
      return;
    case 'DELETE /_control/faults':
      faults.splice(0);
      sendJson(res, 200, { faults });
      return;
    default:
      sendJson(res, 404, { error: { message: 'no such control' } });
  }
}

function fitting(all: readonly StoredSms[], { to, body = '' }: z.infer<typeof filterSchema>): StoredSms[] {
  return all.filter((message) => (to ?? message.to) === message.to && message.body.includes(body));
}

async function waitForMessage({ messages, res, url }: Exchange): Promise<void> {
  const { timeoutMs, ...filter } = waitSchema.parse(Object.fromEntries(url.searchParams));
  const message = await messages.wait(() => fitting(messages.list(), filter)[0] ?? null, timeoutMs);
  if (message === null) sendJson(res, 408, { error: { message: `no such text message within ${timeoutMs} ms` } });
  else sendJson(res, 200, message);
}

async function setFaults({ faults, req, res }: Exchange): Promise<void> {
  const body = await readBody(req);
  if (req.headers['content-type'] !== 'application/json') {
    sendJson(res, 415, { error: { message: 'send application/json' } });
    return;
  }
  faults.splice(0, Infinity, ...smsFaultsSchema.parse(JSON.parse(body)).faults);
  sendJson(res, 200, { faults });
}
