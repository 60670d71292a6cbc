import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { setFaults } from '../../scripts/local-cloud/control-client.ts';
import { TimerModel } from '../../src/infra/timers/timer.model.ts';
import { PaymentModel } from '../../src/modules/payments/payment.model.ts';
import { now } from '../../src/shared/clock.ts';
import { createTippableOrder } from '../factories/tip.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, useCity, type Person } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import { sendWebhooksTo, storedLog, storedOrder, storedOutbox } from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';
import { booksOf, payInBrowser, storedTip, takenFor } from '../support/tips.ts';

const TWENTY = 20;
/** Longer than the sweep of the timers needs. */
const SWEPT_MS = 40_000;

let bases: string[];

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi(), startWorker()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
});

function baseFor(index: number): string {
  return bases[index % bases.length] ?? '';
}

interface TipBody {
  id: string;
  clientSecret: string | null;
  publishableKey: string;
}

interface Wish {
  customer: Person;
  orderId: string;
  amountMinor: number;
  key?: string;
}

function tip(base: string, { customer, orderId, amountMinor, key = randomUUID() }: Wish) {
  const body = { amount: { amount: amountMinor, currency: 'INR' } };
  return customer.at(base).try<TipBody>('POST', `/orders/${orderId}/tip`, { body, idempotencyKey: key });
}

async function delivered() {
  const customer = await newPerson();
  const order = await createTippableOrder({ customerId: customer.userId });
  return { customer, order, orderId: order._id };
}

it('a tip that is paid in the browser counts once, though each webhook comes three times and the last one first', async () => {
  const { customer, order, orderId } = await delivered();
  await setFaults(localCloud.stripeUrl, { webhooks: { copies: 3, reorderWindowMs: 300 } });
  const { status, body } = await tip(baseFor(0), { customer, orderId, amountMinor: 5_000 });
  expect(status).toBe(201);
  expect(await payInBrowser(body)).toMatchObject({ ok: true });
  await eventually(async () => {
    expect((await storedOrder(orderId)).tippedMinor).toBe(5_000);
  });
  await eventually(async () => {
    const told = (await storedOutbox(orderId)).filter(({ event }) => event === 'order.tipped');
    expect(told.map(({ doneAt }) => doneAt !== null)).toEqual([true]);
  });
  expect(await booksOf(order)).toMatchObject({ provider_clearing: 5_000 });
  expect((await storedLog(orderId)).filter((type) => type === 'order.tipped')).toHaveLength(1);
  await setFaults(localCloud.stripeUrl, {});
});

it('twenty tips under one key through two APIs are one tip and one intent', async () => {
  const { customer, order, orderId } = await delivered();
  const wish = { customer, orderId, amountMinor: 5_000, key: randomUUID() };
  const answers = await atOnce(bases, TWENTY, (index) => tip(baseFor(index), wish));
  expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(201));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await takenFor(order)).toMatchObject({ intents: 1 });
});

it('twenty tips under twenty keys through two APIs never pass the bound', async () => {
  const { customer, order, orderId } = await delivered();
  const answers = await atOnce(bases, TWENTY, (index) =>
    tip(baseFor(index), { customer, orderId, amountMinor: 150_000 }),
  );
  const made = answers.filter(({ status }) => status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(made.length).toBeLessThanOrEqual(6);
  await Promise.all(made.map(({ body }) => payInBrowser(body)));
  await eventually(async () => {
    expect((await storedOrder(orderId)).tippedMinor).toBe(150_000 * made.length);
  });
  expect((await takenFor(order)).captured).toBe(150_000 * made.length);
  expect(await PaymentModel.countDocuments({ orderId })).toBe(1 + made.length);
});

it('a tip that nobody pays is given up by the worker, at the provider, too', async () => {
  const { customer, orderId } = await delivered();
  const { body } = await tip(baseFor(1), { customer, orderId, amountMinor: 5_000 });
  await TimerModel.updateOne({ subjectId: body.id }, { dueAt: now() });
  await eventually(async () => {
    expect((await storedTip(body.id)).status).toBe('voided');
  }, SWEPT_MS);
  expect(await payInBrowser(body)).toMatchObject({ ok: false });
});
