import type { Book } from './book.ts';
import { idempotencyRefusal, invalidRequest, keyInUse } from './errors.ts';
import type { Answer } from './types.ts';
import { realNowMs } from '../clock.ts';

export interface KeyedRequest {
  key: string;
  /** Method and path: one key serves one endpoint. */
  endpoint: string;
  params: string;
  requestId: string;
}

export interface Replay {
  answer: Answer;
  originalRequestId: string;
}

export interface IdempotencyKeys {
  /** The stored first answer, or null when this is the first time. Throws for another endpoint, parameters, or in flight. */
  claim(request: KeyedRequest): Replay | null;
  /** Call inside the transaction of the effect: result and effect are kept together or not at all. */
  save(request: KeyedRequest, answer: Answer): void;
  release(key: string): void;
}

const KEY_MAX_LENGTH = 255;
/** Stripe promises at least 24 hours; a week lets a laptop sleep over the weekend. */
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000;

export function createIdempotencyKeys({ database }: Book): IdempotencyKeys {
  const inFlight = new Set<string>();
  database.prepare('DELETE FROM idempotency_keys WHERE at_ms < ?').run(realNowMs() - KEPT_FOR_MS);
  const select = database.prepare('SELECT * FROM idempotency_keys WHERE key = ?');
  const insert = database.prepare(
    'INSERT INTO idempotency_keys (key, endpoint, params, status, body, request_id, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    claim(request) {
      if (request.key.length > KEY_MAX_LENGTH) {
        throw invalidRequest(`Idempotency keys can be at most ${KEY_MAX_LENGTH} characters long.`);
      }
      if (inFlight.has(request.key)) throw keyInUse(request.key);
      const row = select.get(request.key);
      if (row === undefined) {
        inFlight.add(request.key);
        return null;
      }
      assertSameRequest(request, { endpoint: String(row['endpoint']), params: String(row['params']) });
      const answer = { status: Number(row['status']), body: JSON.parse(String(row['body'])) as unknown };
      return { answer, originalRequestId: String(row['request_id']) };
    },
    save({ key, endpoint, params, requestId }, { status, body }) {
      insert.run(key, endpoint, params, status, JSON.stringify(body), requestId, realNowMs());
    },
    release(key) {
      inFlight.delete(key);
    },
  };
}

function assertSameRequest(request: KeyedRequest, first: { endpoint: string; params: string }): void {
  const hint = `Try using a key other than '${request.key}' if you meant to execute a different request.`;
  if (request.endpoint !== first.endpoint) {
    const where = first.endpoint.replace(/^\w+ /, '');
    throw idempotencyRefusal(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${where}' vs '${request.endpoint.replace(/^\w+ /, '')}'). ${hint}`,
    );
  }
  if (request.params !== first.params) {
    throw idempotencyRefusal(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. ${hint}`,
    );
  }
}
