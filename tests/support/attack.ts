import { expect } from 'vitest';
import { ROWS } from '../attacks/ownership-rows.ts';
import type { TestApp } from './app.ts';
import { hashDatabase } from './database-hash.ts';
import type { Login } from './log-in.ts';
import { makeCast, realCall } from './real-calls.ts';
import { allRoutes, call, exampleBody, plausiblePath, type KnownRoute } from './route-calls.ts';

/** Names of what is inside; an attacker learns none of them. */
const INSIDE =
  /Mongo(ose|Server|Error)|E11000|[Cc]ast ?(to|Error)|BSON(Error|Type)|ZodError|(Type|Range|Syntax|Reference)Error|node_modules|\.(ts|js):\d+|ECONN/;

/** What every attack must leave behind (bar.md 1.2): no 5xx, nothing of the inside in an answer, the same process, nothing written. */
export async function attack<T extends { status: number; text?: string }>(
  app: TestApp,
  send: () => Promise<readonly T[]>,
  { except = [] }: { except?: readonly string[] } = {},
): Promise<readonly T[]> {
  const before = await hashDatabase({ except });
  const answers = await send();
  for (const { status, text = '' } of answers) {
    expect(status, text).toBeLessThan(500);
    expect(text).not.toMatch(INSIDE);
  }
  expect((await app.request.get('/health/live')).status).toBe(200);
  expect(await hashDatabase({ except })).toEqual(before);
  return answers;
}

/** Every route that reads a JSON body. */
export const writeRoutes: readonly KnownRoute[] = allRoutes.filter(
  ({ contract }) => contract.request.body !== undefined && contract.bodyTypes === undefined,
);

export interface Target {
  path: string;
  login: Login;
  /** One that its owner would get a 2xx for. */
  body: Record<string, unknown>;
}

/** Something of the sender's own where the path names it. */
export async function targetOf(route: KnownRoute, login: Login): Promise<Target> {
  const example = exampleBody(route) ?? {};
  if (!(route.key in ROWS)) return { login, path: plausiblePath(route), body: example };
  const real = await realCall(route, await makeCast());
  return { ...real, body: (real.body as Record<string, unknown> | undefined) ?? example };
}

/** As text: superagent would take `__proto__` for the prototype of its own object. */
export function sendJson(app: TestApp, route: KnownRoute, { path, login, body }: Target) {
  return call(app, route, { path, login }).set('Content-Type', 'application/json').send(JSON.stringify(body));
}

export interface Variant {
  where: string;
  body: Record<string, unknown>;
}

/**
 * `hostile` in every place of a body: beside its keys, in the place of each value, beside the keys of each object inside, and as an
 * element of each list.
 */
export function variantsOf(body: Record<string, unknown>, hostile: object): Variant[] {
  const beside = { where: 'root', body: { ...body, ...hostile } };
  return [beside, ...placesIn(body, hostile).map(({ where, value }) => ({ where, body: value as Variant['body'] }))];
}

/** Every place of a body with one of the hostile values, the next place with the next. */
export function inTurn(body: Record<string, unknown>, hostile: readonly object[]): Variant[] {
  const all = hostile.map((one) => variantsOf(body, one));
  return (all[0] ?? []).flatMap((_, place) => all[place % all.length]?.[place] ?? []);
}

/** Every copy of `value` with `hostile` in one place inside it. */
function placesIn(value: unknown, hostile: object): { where: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  const copy = (key: string, inner: unknown): unknown =>
    isList ? (value as unknown[]).map((entry, at) => (String(at) === key ? inner : entry)) : { ...value, [key]: inner };
  const inside = Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => [
    { where: key, value: copy(key, hostile) },
    ...(isPlain(inner) ? [{ where: `${key}.+`, value: copy(key, { ...inner, ...hostile }) }] : []),
    ...placesIn(inner, hostile).map((one) => ({ where: `${key}.${one.where}`, value: copy(key, one.value) })),
  ]);
  return isList ? [...inside, { where: '[]', value: [...(value as unknown[]), hostile] }] : inside;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Eight at a time, in their order: for attempts that leave nothing behind, so that none sees another. */
export async function inBatches<T, R>(items: readonly T[], send: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(send))));
  }
  return answers;
}

const AT_ONCE = 8;

/** Of payloads that one shared check refuses: all of them for the first route, a few for each other, the next few for the next. */
export function someOf<T>(payloads: readonly T[], routeIndex: number): T[] {
  if (routeIndex === 0) return [...payloads];
  return Array.from({ length: Math.min(FEW, payloads.length) }, (_, index) => {
    return payloads[(routeIndex * FEW + index) % payloads.length] as T;
  });
}

const FEW = 4;
