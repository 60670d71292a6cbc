import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertSecretKey, authenticateKey, type ApiKeys } from './auth.ts';
import type { Book } from './book.ts';
import { API_VERSION, type Call } from './call.ts';
import { invalidRequest, Refusal, serverFault } from './errors.ts';
import { isHostile, takeFault, type Faults, type RequestFault } from './faults.ts';
import { canonicalForm, decodeForm, type Form } from './form.ts';
import type { IdempotencyKeys, KeyedRequest } from './idempotency.ts';
import { stripeId } from './ids.ts';
import { matchRoute, type Match } from './routes.ts';
import type { Answer } from './types.ts';
import type { Webhooks } from './webhooks.ts';
import { delay } from '../clock.ts';
import { answerHostile } from '../hostile.ts';
import { closeAfterAnswer, readBody, sendJson } from '../http.ts';

export interface Api {
  book: Book;
  keys: ApiKeys;
  faults: Faults;
  idempotency: IdempotencyKeys;
  webhooks: Webhooks;
  /** Known once the server listens. */
  baseUrl: string;
}

interface Request {
  method: string;
  path: string;
  requestId: string;
  idempotencyKey: string | null;
  form: Form;
  match: Match;
  isPublishable: boolean;
}

export async function answerApi(api: Api, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const requestId = stripeId('req');
  res.setHeader('Request-Id', requestId);
  res.setHeader('Stripe-Version', header(req, 'stripe-version') ?? API_VERSION);
  // Stripe.js calls from the shop's origin.
  res.setHeader('Access-Control-Allow-Origin', '*');
  const body = await readBody(req);
  try {
    const request = readRequest(api, { req, body, requestId });
    if (request.isPublishable) closeAfterAnswer(res);
    await serve(api, request, res);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(res, error.answer);
  }
}

function readRequest(
  api: Api,
  { req, body, requestId }: { req: IncomingMessage; body: string; requestId: string },
): Request {
  const url = new URL(req.url ?? '/', api.baseUrl);
  const method = req.method ?? 'GET';
  assertVersion(header(req, 'stripe-version') ?? API_VERSION);
  const form = decodeForm(method === 'GET' ? url.search.slice(1) : body);
  const key = authenticateKey(req, form, api.keys);
  const match = matchRoute(method, url.pathname);
  if (match === null) {
    throw invalidRequest(`Unrecognized request URL (${method}: ${url.pathname}).`, {}, 404);
  }
  if (match.route.isPublic !== true) assertSecretKey(key);
  return {
    method,
    path: url.pathname,
    requestId,
    idempotencyKey: method === 'GET' ? null : (header(req, 'idempotency-key') ?? null),
    form,
    match,
    isPublishable: key === 'publishable',
  };
}

/** A newer SDK must not be answered in an older dialect as if nothing had changed. */
function assertVersion(version: string): void {
  const nameOf = (text: string): string => text.slice(text.indexOf('.') + 1);
  if (nameOf(version) === nameOf(API_VERSION)) return;
  throw invalidRequest(`Invalid Stripe API version: ${version}. The local cloud speaks ${API_VERSION}.`);
}

async function serve(api: Api, request: Request, res: ServerResponse): Promise<void> {
  const fault = takeFault(api.faults, request.method, request.path);
  if (fault?.kind === 'fail_before') {
    send(res, serverFault().answer);
    return;
  }
  if (fault !== null && isHostile(fault.kind)) {
    await answerHostile(res, fault.kind, fault.ms);
    return;
  }
  const keyed = keyedRequest(request);
  if (keyed !== null) {
    res.setHeader('Idempotency-Key', keyed.key);
    const replay = api.idempotency.claim(keyed);
    if (replay !== null) {
      res.setHeader('Idempotent-Replayed', 'true');
      res.setHeader('Original-Request', replay.originalRequestId);
      await deliver(res, replay.answer, fault);
      return;
    }
  }
  const answer = await executeClaimed(api, { request, keyed, fault });
  await deliver(res, answer, fault);
}

interface Execution {
  request: Request;
  keyed: KeyedRequest | null;
  fault: RequestFault | null;
}

async function executeClaimed(api: Api, execution: Execution): Promise<Answer> {
  try {
    if (execution.fault?.kind === 'hang_before') await delay(execution.fault.ms);
    return execute(api, execution);
  } finally {
    if (execution.keyed !== null) api.idempotency.release(execution.keyed.key);
    api.webhooks.wake();
  }
}

/** Effect, events and the remembered answer are one transaction, committed before a byte of the answer leaves. */
function execute(api: Api, { request, keyed, fault }: Execution): Answer {
  return api.book.transaction(() => {
    const answer = runHandler(api, request, fault?.kind === 'processing');
    const told = fault?.kind === 'fail_after' ? serverFault().answer : answer.answer;
    if (keyed !== null && answer.isStored) api.idempotency.save(keyed, told);
    return told;
  });
}

/** What a refused handler wrote is undone, while the refusal itself may be remembered in the same transaction. */
function runHandler(api: Api, request: Request, isProcessingForced: boolean): { answer: Answer; isStored: boolean } {
  const call: Call = {
    book: api.book,
    pathId: request.match.pathId,
    form: request.form,
    isPublishable: request.isPublishable,
    requestId: request.requestId,
    idempotencyKey: request.idempotencyKey,
    baseUrl: api.baseUrl,
    isProcessingForced,
    schedule: (eventId, type) => {
      api.webhooks.schedule(eventId, type);
    },
  };
  try {
    return { answer: api.book.transaction(() => request.match.route.handler(call)), isStored: true };
  } catch (error) {
    if (error instanceof Refusal) return { answer: error.answer, isStored: error.isStored };
    throw error;
  }
}

async function deliver(res: ServerResponse, answer: Answer, fault: RequestFault | null): Promise<void> {
  if (fault?.kind === 'hang_after') await delay(fault.ms);
  // A remembered 500 would only be replayed, so Stripe tells its SDKs not to ask again.
  if (answer.status >= 500) res.setHeader('Stripe-Should-Retry', 'false');
  if (fault?.kind === 'lose_answer') res.destroy();
  else send(res, answer);
}

function send(res: ServerResponse, answer: Answer): void {
  if (answer.status === 409) res.setHeader('Stripe-Should-Retry', 'true');
  sendJson(res, answer.status, answer.body);
}

function keyedRequest({ method, path, idempotencyKey, form, requestId }: Request): KeyedRequest | null {
  if (idempotencyKey === null || idempotencyKey === '') return null;
  return { key: idempotencyKey, endpoint: `${method} ${path}`, params: canonicalForm(form), requestId };
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}
