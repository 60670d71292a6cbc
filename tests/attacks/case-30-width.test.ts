import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CartModel } from '../../src/modules/carts/cart.model.ts';
import { ROLES } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, inBatches, sendJson, targetOf, writeRoutes, type Target } from '../support/attack.ts';
import { cpuMsSince } from '../support/growth.ts';
import { createKitchen } from '../support/kitchen.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { sendBytes } from '../support/raw-bodies.ts';
import { errorOf } from '../support/responses.ts';
import { allRoutes, call, named, type KnownRoute } from '../support/route-calls.ts';

/** An answer to nonsense takes no longer than one to sense; generous, since two cores are shared. */
/** Of processor time. */
const MOST_MS = 1_000;

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

async function refused(route: KnownRoute, target: Target, what: string): Promise<{ status: number; text: string }> {
  const before = process.cpuUsage();
  const res = await sendJson(app, route, target);
  expect([res.status, errorOf(res).code], `${what}: ${res.text}`).toEqual([400, 'validation_failed']);
  expect(cpuMsSince(before), what).toBeLessThan(MOST_MS);
  // The first problems only: a small attack gets no large answer.
  expect(res.text.length).toBeLessThan(20_000);
  return res;
}

/** Every number in the body, by the path to it. */
function numbersIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => numbersIn(inner, [...path, key]));
}

/** The text of the body with raw JSON in the place of one value: JSON.stringify knows no 1e309. */
function withRaw(body: Record<string, unknown>, path: string[], raw: string): string {
  const copy = structuredClone(body);
  let inner = copy;
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
  inner[path.at(-1) ?? ''] = 'raw-7f3k';
  return JSON.stringify(copy).replace('"raw-7f3k"', raw);
}

describe('case 30: width', () => {
  it.each(named(writeRoutes))('of a body of %s is 400, at once', async (_, route) => {
    const target = await targetOf(route, login);
    const keys = Object.fromEntries(Array.from({ length: 9_000 }, (__, index) => [`k${index}`, 1]));
    const wide = { ...target, body: { ...target.body, ...keys } };
    const list = Array.from({ length: 10_000 }, (__, index) => index);
    await attack(app, async () => {
      const answers = [await refused(route, wide, '9,000 keys')];
      // Too long a list is refused by its count before any schema: one key of a route is enough. Of texts, each has its own limit.
      const [first] = Object.keys(target.body);
      if (first !== undefined) {
        const body = { ...target.body, [first]: list };
        answers.push(await refused(route, { ...target, body }, `10,000 elements as ${first}`));
      }
      for (const key of Object.keys(target.body)) {
        const longText = { ...target.body, [key]: 'x'.repeat(90_000) };
        answers.push(await refused(route, { ...target, body: longText }, `90,000 letters as ${key}`));
      }
      return answers;
    });
  });

  it.each([
    ['50,000 keys', `{${Array.from({ length: 50_000 }, (_, index) => `"${index.toString(36)}":1`).join()}}`, 413],
    ['100,000 commas in a list', `{"email":[${'0,'.repeat(45_000)}0]}`, 400],
    ['a million commas', `[${','.repeat(1_000_000)}]`, 413],
    ['90,000 commas alone', `{"email":[${','.repeat(90_000)}]}`, 400],
    ['90,000 digits', `{"email":${'9'.repeat(90_000)}}`, 400],
    ['15,000 times the same key', `{${'"a":1,'.repeat(15_000)}"a":1}`, 400],
  ])('of %s is refused', async (_, text, status) => {
    const before = process.cpuUsage();
    const [res] = await attack(app, async () => [await sendBytes(app, { chunks: [text] })]);
    expect(res?.status).toBe(status);
    expect(cpuMsSince(before)).toBeLessThan(MOST_MS);
  });

  const queries: [string, string][] = [
    ['3,000 repeats of one key', Array.from({ length: 3_000 }, () => 'q=a').join('&')],
    ['2,500 repeats of a[]', Array.from({ length: 2_500 }, () => 'a[]=').join('&')],
    ['2,000 keys', Array.from({ length: 1_500 }, (_, index) => `k${index}=1`).join('&')],
    ['deep brackets', `q${'[a]'.repeat(3_000)}=1`],
    ['indexes of a list', Array.from({ length: 900 }, (_, index) => `cuisine[${index}]=x`).join('&')],
  ];
  const lists = allRoutes.filter(({ method, contract }) => method === 'get' && contract.request.query !== undefined);

  it.each(named(lists))('of a query of %s is 400, at once', async (_, route) => {
    const target = await targetOf(route, login);
    const [base = ''] = target.path.split('?');
    await attack(app, async () => {
      const answers = [];
      for (const [what, query] of queries) {
        const before = process.cpuUsage();
        const res = await call(app, route, { login: target.login, path: `${base}?${query}` });
        expect(res.status, `${what}: ${res.text}`).toBe(400);
        expect(cpuMsSince(before), what).toBeLessThan(MOST_MS);
        answers.push(res);
      }
      return answers;
    });
  });
});

describe('case 30: a quantity', () => {
  const odd = ['-1', '0.5', '"1"', '1e309', '-1e309', '1e-7', 'null', 'true', '[]', '{}', '""', '9007199254740993'];

  it.each(
    named(writeRoutes.filter(({ contract }) => numbersIn(contract.request.body?.meta()?.examples?.[0]).length > 0)),
  )('of %s that is no whole number of its range is 400', async (_, route) => {
    const target = await targetOf(route, login);
    await attack(app, async () => {
      const answers = [];
      for (const path of numbersIn(target.body)) {
        // Of a place half a degree, and one south of the line, are as good as any.
        const isPlace = path.some((key) => /^(lat|lng|location|coordinates|bearing|heading|speed|accuracy)/i.test(key));
        const isSigned = path.at(-1) === 'change';
        const fitting = isPlace ? ['-1', '0.5', '1e-7'] : isSigned ? ['-1'] : [];
        // Null is an answer of its own where the contract takes it: of a stock, that nobody counts.
        const nulled: unknown = JSON.parse(withRaw(target.body, path, 'null'));
        if (route.contract.request.body?.safeParse(nulled).success === true) fitting.push('null');
        const values = odd.filter((value) => !fitting.includes(value));
        const refusals = await inBatches(values, async (value) => {
          const res = await call(app, route, target)
            .set('Content-Type', 'application/json')
            .send(withRaw(target.body, path, value));
          const what = `${path.join('.')} = ${value}: ${res.text}`;
          expect([res.status, errorOf(res).code], what).toEqual([400, 'validation_failed']);
          return res;
        });
        answers.push(...refusals);
      }
      return answers;
    });
  });

  it.each(['-1', '0', '0.5', '"1"', '1e9', '1e309', 'null', '[1]', '{"$inc":1}'])(
    'of %s in a cart is 400, and the cart is as it was',
    async (quantity) => {
      const { restaurantId, lassi } = await createKitchen();
      const text = `{"restaurantId":"${restaurantId}","itemId":"${lassi.id}","optionIds":[],"quantity":${quantity}}`;
      const [res] = await attack(app, async () => [
        await app.request
          .post('/api/v1/cart/items')
          .set(login.headers)
          .set('Content-Type', 'application/json')
          .send(text),
      ]);
      expect([res?.status, res && errorOf(res).code]).toEqual([400, 'validation_failed']);
    },
  );

  it('of lines ends at what a cart holds, also for two hundred at once', async () => {
    const customer = await logInAs();
    const { restaurantId, lassi } = await createKitchen();
    const add = (note: string) =>
      app.request
        .post('/api/v1/cart/items')
        .set(customer.headers)
        .set('Idempotency-Key', newId())
        .send({ restaurantId, itemId: lassi.id, quantity: 1, optionIds: [], note });
    const statuses: number[] = [];
    for (let start = 0; start < 120; start += 30) {
      const some = await Promise.all(Array.from({ length: 30 }, (_, index) => add(`line ${start + index}`)));
      statuses.push(...some.map(({ status }) => status));
    }
    expect(statuses.filter((status) => ![200, 201, 409, 422].includes(status))).toEqual([]);
    expect(statuses).toContain(422);
    const cart = await CartModel.findOne({}).lean<{ lines: unknown[] }>();
    expect(cart?.lines.length).toBeLessThanOrEqual(100);
  }, 60_000);
});
