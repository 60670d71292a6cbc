import '../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../scripts/demo/bodies.ts';
import { atOnce } from '../support/at-once.ts';
import { saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedOrder,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

const TWENTY = 20;
/** Who comes first is chance: some rounds show both orders of events. */
const ROUNDS = 3;

let bases: string[];
let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi(), startWorker()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
});

const baseFor = (index: number): string => bases[index % bases.length] ?? '';

// Twenty couriers who accept one order: tests/e2e/two-apis.test.ts.
describe('case 38: the restaurant accepts while the customer cancels, through two processes', () => {
  it('ten times each at once: each happens once at most, in a legal order, and nothing is kept of the money', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { order, customer } = await placePaidOrder(baseFor(0), restaurant);
      const answers = await atOnce(bases, TWENTY, async (index) => {
        const isCancel = index % 2 === 0;
        const base = baseFor(Math.floor(index / 2));
        const answer = isCancel
          ? await customer.try<Order>('POST', `/orders/${order.id}/cancel`, { body: {}, idempotencyKey: randomUUID() })
          : await tryAccepting(restaurant.owner.at(base), order.id);
        return { isCancel, status: answer.status };
      });

      expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
      // Who says again what is so already hears that it is so.
      const isAccepted = answers.some(({ isCancel, status }) => !isCancel && status === 200);
      expect(answers.some(({ isCancel, status }) => isCancel && status === 200)).toBe(true);

      expect((await storedOrder(order.id)).status).toBe('cancelled');
      await outboxDone(order.id);
      const log = await storedLog(order.id);
      expect(log.filter((type) => type === 'order.accepted')).toHaveLength(isAccepted ? 1 : 0);
      expect(log.filter((type) => type === 'order.cancelled')).toHaveLength(1);
      // The promise of a refund names the refund, not the order.
      await eventually(async () => {
        const { captured, refunded, authorized, released } = await bookOf(order.id);
        expect({ kept: captured - refunded, held: authorized - captured - released }).toEqual({ kept: 0, held: 0 });
      });
    }
  });
});
