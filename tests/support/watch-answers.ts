import type { Server, ServerResponse } from 'node:http';
import type { Response } from 'express';
import { z } from 'zod';
import { toOpenApiPath } from '../../scripts/architecture/walk-routes.ts';
import { errorCodes, type ErrorCode } from '../../src/errors/index.ts';
import type { RequestLocals } from '../../src/http/actor.ts';
import { promisedCodes, type RouteContract } from '../../src/http/openapi.ts';
import { moduleRouters, rawBodyModules } from '../../src/routes.ts';
import { afterEveryTest } from './after-every-test.ts';

/** Names of what is inside; none of it belongs into an answer. */
const INTERNALS =
  /E11000|Mongo(ose|Server|Network)?Error|CastError|ZodError|ioredis|ECONN|node_modules|\.ts:\d+|\.js:\d+/;
/** Refused before the route has a say. */
const TRANSPORT: readonly ErrorCode[] = [
  ...(['route_not_found', 'bad_request', 'malformed_json', 'payload_too_large', 'unsupported_media_type'] as const),
];

const contracts = new Map<string, RouteContract>();
for (const module of [...rawBodyModules, ...moduleRouters]) {
  for (const contract of module.contracts) contracts.set(`${contract.method} ${contract.path}`, contract);
}

const failureSchema = z.strictObject({
  error: z.strictObject({
    status: z.int(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string().min(8),
  }),
});

const broken: string[] = [];

/** Case 17: a test that got an answer which its contract does not allow has failed, whatever it looked at itself. */
afterEveryTest(() => {
  const found = broken.splice(0);
  if (found.length > 0) throw new Error(`Answers that break their contract:\n${found.join('\n')}`);
});

/** From here on every JSON answer of the server is compared with its contract, to the key. */
export function watchAnswers(http: Server): void {
  http.prependListener('request', (_req, res: ServerResponse) => {
    Object.defineProperty(res, 'json', { configurable: true, value: watchedJson });
  });
}

/** An own property, so that it stands before the method that Express gives the response. */
function watchedJson(this: Response, body: unknown): Response {
  const problem = problemOf(this, JSON.parse(JSON.stringify(body)));
  if (problem !== null) broken.push(`${this.req.method} ${this.req.originalUrl} ${this.statusCode}: ${problem}`);
  const { json } = Object.getPrototypeOf(this) as Pick<Response, 'json'>;
  return json.call(this, body);
}

function problemOf(res: Response, body: unknown): string | null {
  const contract = contractOf(res);
  if (res.statusCode >= 400) return problemOfFailure(res.statusCode, body, contract);
  // Health and the API document.
  if (contract === undefined) return null;
  return problemOfSuccess(contract, res.statusCode, body);
}

function contractOf({ req, locals }: Response): RouteContract | undefined {
  const { path } = (req.route ?? {}) as { path?: string };
  const { routeBase } = locals as RequestLocals;
  if (path === undefined || routeBase === undefined) return undefined;
  const method = req.method === 'HEAD' ? 'get' : req.method.toLowerCase();
  return contracts.get(`${method} ${toOpenApiPath(path)}`);
}

export function problemOfSuccess(contract: RouteContract, status: number, body: unknown): string | null {
  const schema = contract.responses[status];
  if (schema === undefined || schema === null) return `${contract.operationId} promises no body for ${status}`;
  const { error } = schema.safeParse(body);
  return error === undefined ? null : `${contract.operationId} ${z.prettifyError(error)}`;
}

export function problemOfFailure(status: number, body: unknown, contract?: RouteContract): string | null {
  // Readiness tells nothing but yes or no.
  if (JSON.stringify(body) === '{"status":"unavailable"}') return null;
  const parsed = failureSchema.safeParse(body);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { code, details, status: told } = parsed.data.error;
  if (!isDetailOf(code, details)) return `${code} with details that it does not have: ${JSON.stringify(details)}`;
  if (told !== status || errorCodes[code].status !== status) return `${code} is not ${status}`;
  if (INTERNALS.test(JSON.stringify(body))) return `tells of the inside: ${JSON.stringify(body)}`;
  const isPromised = contract === undefined || TRANSPORT.includes(code) || promisedCodes(contract).has(code);
  return isPromised ? null : `${contract.operationId} does not promise ${code}`;
}

function isDetailOf(code: ErrorCode, details: unknown): boolean {
  const allowed = (errorCodes[code] as { details?: z.ZodType }).details ?? z.undefined();
  return details === undefined || allowed.safeParse(details).success;
}
