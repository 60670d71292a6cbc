import type { RouteContract } from '../../src/http/index.ts';

/** Fails the test unless the body is, to the key, what the API document promises for this status. */
export function expectContract(route: RouteContract, answer: { status: number; body: unknown }): void {
  const schema = route.responses[answer.status];
  if (schema === undefined || schema === null) {
    throw new Error(`${route.operationId} promises no body for ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  schema.parse(answer.body);
}
