import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Api } from './api.ts';
import { reportBook } from './book-report.ts';
import type { Call } from './call.ts';
import { closeDispute, openDispute } from './disputes.ts';
import { Refusal } from './errors.ts';
import { faultsSchema, noFaults } from './faults.ts';
import { authenticateIntent, expireIntent, settleIntent } from './intent-settlement.ts';
import { failPayout } from './payouts.ts';
import { settleRefund } from './refunds.ts';
import { closeAfterAnswer, readBody, sendJson } from '../http.ts';

const outcomeSchema = z.strictObject({ outcome: z.enum(['approve', 'fail']) });
const releaseSchema = z.strictObject({ order: z.enum(['created', 'reverse']).default('created') });
const resendSchema = z.strictObject({ times: z.number().int().min(1).max(1000).default(1) });
const drainSchema = z.strictObject({ timeoutMs: z.number().int().min(0).max(120_000).default(10_000) });
const disputeSchema = z.strictObject({
  amount: z.number().int().min(1).optional(),
  reason: z.string().default('fraudulent'),
});
const closeSchema = z.strictObject({ outcome: z.enum(['won', 'lost']) });
const urlSchema = z.strictObject({ url: z.url().nullable() });

type Control = (api: Api, input: unknown, id: string) => unknown;

const controls: Record<string, Control> = {
  'GET book': ({ book }) => reportBook(book),
  'GET faults': ({ faults }) => faults,
  'POST faults': (api, input) => setFaults(api, input),
  'DELETE faults': (api) => Object.assign(api.faults, noFaults()),
  'GET deliveries': ({ webhooks }) => ({ deliveries: webhooks.deliveries.all() }),
  'POST webhooks/url': ({ webhooks }, input) => {
    webhooks.setUrl(urlSchema.parse(input).url);
    return {};
  },
  'POST webhooks/release': async ({ webhooks }, input) => ({
    released: await webhooks.release(releaseSchema.parse(input).order),
  }),
  'POST webhooks/drain': async ({ webhooks }, input) => ({
    isDrained: await webhooks.drain(drainSchema.parse(input).timeoutMs),
  }),
  'POST events/:id/resend': async ({ book, webhooks }, input, id) => {
    if (book.find('event', id) === null) throw notFound();
    return { outcomes: await webhooks.resend(id, resendSchema.parse(input).times) };
  },
  'POST payment_intents/:id/authenticate': (api, input, id) =>
    settle(api, id, (call) => authenticateIntent(call, outcomeSchema.parse(input).outcome)),
  'POST payment_intents/:id/settle': (api, input, id) =>
    settle(api, id, (call) => settleIntent(call, outcomeSchema.parse(input).outcome)),
  'POST payment_intents/:id/expire': (api, _input, id) => settle(api, id, expireIntent),
  'POST payment_intents/:id/dispute': (api, input, id) =>
    settle(api, id, (call) => openDispute(call, disputeSchema.parse(input))),
  'POST disputes/:id/close': (api, input, id) =>
    settle(api, id, (call) => closeDispute(call, closeSchema.parse(input).outcome)),
  'POST payouts/:id/fail': (api, _input, id) => settle(api, id, failPayout),
  'POST refunds/:id/settle': (api, input, id) =>
    settle(api, id, (call) => settleRefund(call, outcomeSchema.parse(input).outcome)),
};

/** The hand behind the stage: what no vendor offers, for tests and the demo. Loopback only, like the server. */
export async function answerControl(api: Api, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = new URL(req.url ?? '/', api.baseUrl).pathname.replace(/^\/_control\//, '');
  const [kind = '', id = '', ...rest] = path.split('/');
  const control =
    controls[`${req.method ?? ''} ${path}`] ?? controls[[`${req.method ?? ''} ${kind}/:id`, ...rest].join('/')];
  const body = await readBody(req);
  closeAfterAnswer(res);
  try {
    if (control === undefined) throw notFound();
    sendJson(res, 200, await control(api, readInput(req, body), id));
  } catch (error) {
    sendJson(res, error instanceof Refusal ? error.status : 400, { error: { message: messageOf(error) } });
  }
}

/** Only JSON: a form on some web page can post to loopback, but not with this content type. */
function readInput(req: IncomingMessage, body: string): unknown {
  if (body === '') return {};
  if (req.headers['content-type'] !== 'application/json') throw new Error('the control API takes application/json');
  return JSON.parse(body);
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function notFound(): Refusal {
  return new Refusal(404, { type: 'invalid_request_error', message: 'No such control.' });
}

function setFaults(api: Api, input: unknown): Api['faults'] {
  const { requests, webhooks } = faultsSchema.parse(input);
  if (requests !== undefined) api.faults.requests = requests;
  if (webhooks !== undefined) api.faults.webhooks = webhooks;
  return api.faults;
}

/** Outside of any API call, as the bank's own decisions are. */
export function settle<T>(api: Api, pathId: string, change: (call: Call) => T): T {
  const call: Call = {
    book: api.book,
    pathId,
    form: {},
    isPublishable: false,
    requestId: null,
    idempotencyKey: null,
    baseUrl: api.baseUrl,
    isProcessingForced: false,
    schedule: (eventId, type) => {
      api.webhooks.schedule(eventId, type);
    },
  };
  const changed = api.book.transaction(() => change(call));
  api.webhooks.wake();
  return changed;
}
