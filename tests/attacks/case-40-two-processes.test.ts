import '../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder, Quote } from '../../scripts/demo/bodies.ts';
import type { Answer, Player } from '../../scripts/demo/player.ts';
import type { ErrorBody } from '../../src/errors/index.ts';
import { QuoteModel } from '../../src/modules/checkout/quote.model.ts';
import { OrderModel } from '../../src/modules/orders/order.model.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { sendWebhooksTo, takeQuote, tryPlacing } from '../support/order-path.ts';
import { startApi } from '../support/processes.ts';

const TWENTY = 20;

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

const baseFor = (index: number): string => bases[index % bases.length] ?? '';
const codeOf = ({ body }: Answer<unknown>) => (body as Partial<ErrorBody>).error?.code;

function place(player: Player, { id: quoteId }: Quote, { key, notes = 'Bell' }: { key: string; notes?: string }) {
  const body = { quoteId, paymentMethod: 'card', notes };
  return player.try<PlacedOrder>('POST', '/orders', { body, idempotencyKey: key });
}

describe('case 40: one Idempotency-Key through two processes', () => {
  it('with twenty bodies at once makes one order; the others are refused, and nobody is answered for another body', async () => {
    const customer = await newPerson();
    const quote = await takeQuote(customer.at(baseFor(0)), restaurant);
    const key = randomUUID();
    const answers = await atOnce(bases, TWENTY, (index) =>
      place(customer.at(baseFor(index)), quote, { key, notes: `Bell ${index}` }),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual(
      Array(TWENTY - 1).fill([422, 'idempotency_key_reused']),
    );
    expect(await OrderModel.countDocuments({ customerId: customer.userId })).toBe(1);
  });

  it('with two quotes of one customer at once buys one of them, and the other stays free', async () => {
    const customer = await newPerson();
    const first = await takeQuote(customer.at(baseFor(0)), restaurant);
    const second = await takeQuote(customer.at(baseFor(1)), restaurant);
    const key = randomUUID();
    const answers = await atOnce(bases, TWENTY, (index) =>
      place(customer.at(baseFor(index)), index % 2 === 0 ? first : second, { key }),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toEqual(new Set([201, 422]));
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(1);
    expect(await OrderModel.countDocuments({ customerId: customer.userId })).toBe(1);
    expect(await QuoteModel.countDocuments({ customerId: customer.userId, usedAt: null })).toBe(1);
  });

  it('of two customers is two keys, whichever process either asks', async () => {
    const people = await Promise.all([newPerson(), newPerson()]);
    const quotes = await Promise.all(people.map((person, index) => takeQuote(person.at(baseFor(index)), restaurant)));
    const key = randomUUID();
    const answers = await atOnce(bases, TWENTY, (index) => {
      const [person, quote] = [people[index % 2], quotes[index % 2]];
      if (person === undefined || quote === undefined) throw new Error('nobody stands here');
      return tryPlacing(person.at(baseFor(Math.floor(index / 2))), quote.id, key);
    });
    expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(2);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(2);
  });
});
