import type { Response } from 'supertest';
import type { ErrorBody } from '../../src/errors/index.ts';

/** The body of a failure, typed; a success has none, so that a test which expected a refusal fails on its code. */
export function errorOf(res: Response): Partial<ErrorBody['error']> {
  return (res.body as Partial<ErrorBody>).error ?? {};
}
