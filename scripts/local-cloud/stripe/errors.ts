import type { Answer, ErrorBody } from './types.ts';

/**
 * A call Stripe refuses. `isStored` tells idempotency whether the endpoint had begun: a refusal by parameter
 * validation is not remembered under the key, every later one is.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly error: ErrorBody;
  readonly isStored: boolean;

  constructor(status: number, error: ErrorBody, isStored = true) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.isStored = isStored;
  }

  get answer(): Answer {
    return { status: this.status, body: { error: this.error } };
  }
}

type Details = Omit<ErrorBody, 'type' | 'message'>;

export function invalidRequest(message: string, details: Details = {}, status = 400): Refusal {
  return new Refusal(status, { type: 'invalid_request_error', message, ...details });
}

export function invalidParam(message: string, param: string, code?: string): Refusal {
  const details = code === undefined ? { param } : { param, code };
  return new Refusal(400, { type: 'invalid_request_error', message, ...details }, false);
}

export function missing(what: string, id: string): Refusal {
  return invalidRequest(`No such ${what}: '${id}'`, { code: 'resource_missing', param: 'id' }, 404);
}

/** A reference in the parameters is the caller's bad request, while an unknown id in the path is a 404. */
export function missingReference(what: string, id: string, param: string): Refusal {
  return invalidRequest(`No such ${what}: '${id}'`, { code: 'resource_missing', param });
}

export function unexpectedState(message: string, intent: unknown): Refusal {
  return invalidRequest(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
}

export function idempotencyRefusal(message: string): Refusal {
  return new Refusal(400, { type: 'idempotency_error', message }, false);
}

export function keyInUse(key: string): Refusal {
  const message = `There is currently another in-progress request using this Idempotent Key: ${key}. Try again later.`;
  return new Refusal(409, { type: 'invalid_request_error', code: 'idempotency_key_in_use', message }, false);
}

export function serverFault(): Refusal {
  return new Refusal(500, { type: 'api_error', message: 'An unknown error occurred (asked for through /_control).' });
}
