import type { Response } from 'supertest';

/** Status and body of an answer, with no opinion on the body. */
export function answerOf({ status, body }: Response): { status: number; body: unknown } {
  return { status, body: body as unknown };
}
