import { localCloud } from '../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../scripts/demo/bodies.ts';
import { openDispute } from '../../scripts/local-cloud/control-client.ts';
import { ledgerEntries } from '../../src/modules/ledger/ledger-entry.model.ts';
import { RefundModel } from '../../src/modules/payments/refunds/refund.model.ts';
import { atOnce } from '../support/at-once.ts';
import { newPerson, saffronTable, useCity, type Person, type Restaurant } from '../support/city.ts';
import { eventually } from '../support/eventually.ts';
import {
  bookOf,
  outboxDone,
  placePaidOrder,
  sendWebhooksTo,
  storedLog,
  storedPayment,
  tryAccepting,
} from '../support/order-path.ts';
import { startApi, startWorker } from '../support/processes.ts';

const TWENTY = 20;

let bases: string[];
let restaurant: Restaurant;
let support: Person;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi(), startApi(), startWorker()]);
  bases = [first.base, second.base];
  sendWebhooksTo(first.base);
  restaurant = await saffronTable();
  support = await newPerson({ roles: ['support'] });
});

const baseFor = (index: number) => bases[index % bases.length] ?? '';

async function capturedOrder(): Promise<PlacedOrder> {
  const { order } = await placePaidOrder(baseFor(0), restaurant);
  expect((await tryAccepting(restaurant.owner.at(baseFor(1)), order.id)).status).toBe(200);
  await eventually(async () => {
    expect((await storedPayment(order.id)).status).toBe('captured');
  });
  return order;
}

interface Ask {
  orderId: string;
  amountMinor: number;
  key?: string;
}

function tryRefunding(index: number, { orderId, amountMinor, key = randomUUID() }: Ask) {
  return support.at(baseFor(index)).try<{ id: string }>('POST', `/orders/${orderId}/refunds`, {
    body: { amountMinor, reason: 'late', liableParty: 'platform' },
    idempotencyKey: key,
  });
}

function tryCancelling(index: number, orderId: string) {
  return support.at(baseFor(index)).try('POST', `/orders/${orderId}/cancel`, {
    body: { reason: 'other', liableParty: 'platform' },
    idempotencyKey: randomUUID(),
  });
}

/** Every promise is kept, and neither we nor the provider gave back more than came in. */
async function expectAtRest(orderId: string): Promise<{ captured: number; refunded: number; disputed: number }> {
  await outboxDone(orderId);
  await eventually(async () => {
    const open = { orderId, status: { $in: ['requested', 'approved', 'processing'] } };
    const refunds = await RefundModel.collection.find(open, { comment: 'asked by a test' }).toArray();
    expect(refunds).toEqual([]);
  });
  const payment = await storedPayment(orderId);
  const { captured, refunded, disputed } = await bookOf(orderId);
  expect(refunded + disputed).toBeLessThanOrEqual(captured);
  expect(payment.pendingRefundMinor).toBe(0);
  expect(payment.amountRefundedMinor).toBe(refunded);
  expect(payment.amountRefundedMinor + payment.disputedMinor).toBeLessThanOrEqual(payment.amountCapturedMinor);
  await storedLog(orderId);
  const entries = await ledgerEntries().find({ orderId }, { comment: 'asked by a test' }).toArray();
  for (const { lines } of entries) expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
  return { captured, refunded, disputed };
}

describe('case 37: refunds that cross', () => {
  it('twenty parts at once over two APIs give back no more than there is', async () => {
    const { id, payment } = await capturedOrder();
    const part = Math.floor(payment.amount.amount / 4);
    const answers = await atOnce(bases, TWENTY, (index) => tryRefunding(index, { orderId: id, amountMinor: part }));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(4).fill(201), ...Array<number>(16).fill(422)]);
    expect((await expectAtRest(id)).refunded).toBe(4 * part);
  });

  it('one key twenty times is one refund', async () => {
    const { id, payment } = await capturedOrder();
    const key = randomUUID();
    const part = Math.floor(payment.amount.amount / 4);
    const answers = await atOnce(bases, TWENTY, (index) =>
      tryRefunding(index, { orderId: id, amountMinor: part, key }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(TWENTY).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await expectAtRest(id)).refunded).toBe(part);
  });

  it('a cancellation among them gives back everything, and nothing twice', async () => {
    const { id, payment } = await capturedOrder();
    const part = Math.floor(payment.amount.amount / 4);
    const answers = await atOnce(bases, TWENTY, (index) =>
      index === 10 ? tryCancelling(index, id) : tryRefunding(index, { orderId: id, amountMinor: part }),
    );
    expect(answers[10]?.status).toBe(200);
    const { captured, refunded } = await expectAtRest(id);
    expect(refunded).toBe(captured);
  });

  it('a chargeback among them and a cancellation leaves each coin to one of the three', async () => {
    const { id, payment } = await capturedOrder();
    const part = Math.floor(payment.amount.amount / 5);
    const { intentId } = await storedPayment(id);
    await atOnce(bases, TWENTY, async (index) => {
      if (index === 5) return tryCancelling(index, id);
      if (index === 10) return openDispute(localCloud.stripeUrl, intentId ?? '').catch(() => null);
      return tryRefunding(index, { orderId: id, amountMinor: part });
    });
    const { captured, refunded, disputed } = await expectAtRest(id);
    expect(refunded + disputed).toBe(captured);
  });
});
