import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, setFaults, settleRefund } from '../../../scripts/local-cloud/control-client.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { makeRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import {
  listRefundsRoute,
  refundOrderRoute,
  retryRefundRoute,
} from '../../../src/modules/payments/refunds/refunds.schema.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { createCapturedOrder, createRefund } from '../../factories/refund.ts';
import { createUser } from '../../factories/user.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createHeldOrder, entryOf, PROVIDER_AWAY, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { logInAs, openLogin, type Login } from '../../support/log-in.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
let support: Login;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => app.stop());

const LATE = { reason: 'late', liableParty: 'platform' } as const;

/** Captured at the provider, too. */
async function capturedOrder(): Promise<OrderRecord> {
  await resetRateLimits();
  support = await logInAs({ roles: ['support'] });
  const order = await createHeldOrder('accepted');
  await settlePayment(order._id);
  return order;
}

interface As {
  key?: string;
  login?: Login;
}

function ask({ _id }: Pick<OrderRecord, '_id'>, body: object, { key = randomUUID(), login = support }: As = {}) {
  const request = app.request.post(`/api/v1/orders/${_id}/refunds`).set(login.headers);
  return request.set('Idempotency-Key', key).send(body);
}

function retry(refundId: string, login = support) {
  const request = app.request.post(`/api/v1/refunds/${refundId}/retry`).set(login.headers);
  return request.set('Idempotency-Key', randomUUID());
}

const idOf = (res: { body: unknown }) => (res.body as { id: string }).id;

describe('POST /orders/:orderId/refunds', () => {
  it('promises an amount, reserves it, and the job makes it once', async () => {
    const order = await capturedOrder();
    const res = await ask(order, { amountMinor: 4_000, note: 'An hour late', ...LATE }).expect(201);
    expectContract(refundOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'approved', cause: 'support', amount: { amount: 4_000 } });
    expect(await storedPayment(order)).toMatchObject({ pendingRefundMinor: 4_000, amountRefundedMinor: 0 });
    await Promise.all([makeRefund(idOf(res)), makeRefund(idOf(res))]);
    await makeRefund(idOf(res));
    expect(await storedPayment(order)).toMatchObject({
      ...{ status: 'partially_refunded', pendingRefundMinor: 0, amountRefundedMinor: 4_000 },
    });
    expect(await entryOf(order)).toMatchObject({ refunded: 4_000, refundCount: 1 });
    const log = await expectSoundOrder(order._id);
    expect(log.filter(({ type }) => type === 'payment.refunded')).toHaveLength(1);
  });

  it('answers a repeated key with the same refund, and makes no second one', async () => {
    const order = await capturedOrder();
    const key = randomUUID();
    const first = await ask(order, { amountMinor: 4_000, ...LATE }, { key }).expect(201);
    const second = await ask(order, { amountMinor: 4_000, ...LATE }, { key }).expect(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await RefundModel.countDocuments()).toBe(1);
  });

  it('gives back pieces at what they cost, none of them twice', async () => {
    const order = await capturedOrder();
    const lines = [{ lineId: order.items[0]?.lineId ?? '', quantity: 1 }];
    const res = await ask(order, { lines, ...LATE }).expect(201);
    expect(res.body).toMatchObject({ amount: { amount: 6_300 }, lines });
    const again = await ask(order, { lines, ...LATE }).expect(400);
    expect(errorOf(again).code).toBe('validation_failed');
    expect(again.text).toContain(`${order.items[0]?.name ?? '?'}: nothing is left to refund.`);
  });

  it('of more pieces than are left names the dish and how many there are', async () => {
    const order = await capturedOrder();
    const [item] = order.items;
    const quantity = (item?.quantity ?? 0) + 1;
    const res = await ask(order, { lines: [{ lineId: item?.lineId, quantity }], ...LATE }).expect(400);
    const left = `only ${quantity - 1} of ${quantity - 1} are left to refund.`;
    expect(res.text).toContain(`${item?.name ?? '?'}: ${left}`);
    const strange = await ask(order, { lines: [{ lineId: newId(), quantity: 1 }], ...LATE }).expect(400);
    expect(strange.text).toContain('The order has no line');
    expect(errorOf(res).details).toMatchObject([{ path: 'lines.0.quantity', code: 'too_many' }]);
    expect(errorOf(strange).details).toMatchObject([{ path: 'lines.0.lineId', code: 'unknown_line' }]);
  });

  it('refuses one unit more than is left, and says how much that is', async () => {
    const order = await capturedOrder();
    await ask(order, { amountMinor: TOTAL - 100, ...LATE }).expect(201);
    const res = await ask(order, { amountMinor: 101, ...LATE }).expect(422);
    expect(errorOf(res)).toMatchObject({
      code: 'refund_exceeds_captured',
      details: { refundable: { amount: 100, currency: 'INR' } },
    });
    await ask(order, { amountMinor: 100, ...LATE }).expect(201);
  });

  it('of what was never captured is refused', async () => {
    await capturedOrder();
    const held = await createHeldOrder('placed');
    expect(errorOf(await ask(held, { amountMinor: 1, ...LATE }).expect(422)).code).toBe('refund_exceeds_captured');
  });

  it.each([
    [{ ...LATE }],
    [{ amountMinor: 1, lines: [{ lineId: 'a'.repeat(24), quantity: 1 }], ...LATE }],
    [{ amountMinor: 0, ...LATE }],
    [{ amountMinor: 1.5, ...LATE }],
    [{ amountMinor: 1, reason: 'order_ended', liableParty: 'platform' }],
    [{ amountMinor: 1, reason: 'late', liableParty: 'customer' }],
    [{ amountMinor: 1, reason: 'late' }],
  ])('refuses %o by its form', async (body) => {
    support = await logInAs({ roles: ['support'] });
    expect(errorOf(await ask({ _id: 'a'.repeat(24) }, body).expect(400)).code).toBe('validation_failed');
  });

  it('is not for who ordered: nobody in the office gives money to themselves', async () => {
    await resetRateLimits();
    const login = await logInAs({ roles: ['customer', 'support'] });
    const order = await createHeldOrder('accepted', { customerId: login.userId });
    await settlePayment(order._id);
    await ask(order, { amountMinor: 1, ...LATE }, { login }).expect(403);
    expect(await RefundModel.countDocuments()).toBe(0);
  });

  it('is 403 for everybody but support and admins, and 400 without a key', async () => {
    const order = await capturedOrder();
    for (const role of ['customer', 'restaurant', 'courier'] as const) {
      await ask(order, { amountMinor: 1, ...LATE }, { login: await logInAs({ roles: [role] }) }).expect(403);
    }
    const admin = await logInAs({ roles: ['admin'] });
    await ask(order, { amountMinor: 1, ...LATE }, { login: admin }).expect(201);
    await app.request.post(`/api/v1/orders/${order._id}/refunds`).set(support.headers).send(LATE).expect(400);
  });
});

describe('a refund', () => {
  it('posts to the books what went back and who bears it, and both sum to zero', async () => {
    const order = await capturedOrder();
    const res = await ask(order, { amountMinor: 4_000, reason: 'quality', liableParty: 'restaurant' }).expect(201);
    await makeRefund(idOf(res));
    const entries = await ledgerEntries()
      .find({ sourceId: idOf(res) }, { comment: 'asked by a test' })
      .sort({ kind: 1 })
      .toArray();
    expect(entries.map(({ kind, lines }) => [kind, lines.map((line) => [line.account, line.amountMinor])])).toEqual([
      [
        'refund',
        [
          ['customer', 4_000],
          ['provider_clearing', -4_000],
        ],
      ],
      [
        'refund_charge',
        [
          ['customer', -4_000],
          ['restaurant', 4_000],
        ],
      ],
    ]);
  });

  it('that the bank settles later is told by its event', async () => {
    const order = await capturedOrder();
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'processing', path: '/v1/refunds', method: 'POST' }] });
    const id = idOf(await ask(order, { amountMinor: 4_000, ...LATE }).expect(201));
    await makeRefund(id);
    expect(await RefundModel.findById(id).lean()).toMatchObject({ status: 'processing', isReserved: true });
    const { providerRefundId } = (await RefundModel.findById(id).lean()) ?? {};
    await settleRefund(localCloud.stripeUrl, providerRefundId ?? '', 'approve');
    await makeRefund(id);
    expect(await RefundModel.findById(id).lean()).toMatchObject({ status: 'succeeded' });
  });

  it('that the bank sends back is failed, free again, and made anew when support wants it', async () => {
    const order = await capturedOrder();
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'processing', path: '/v1/refunds', method: 'POST' }] });
    const id = idOf(await ask(order, { amountMinor: TOTAL, ...LATE }).expect(201));
    await makeRefund(id);
    const { providerRefundId } = (await RefundModel.findById(id).lean()) ?? {};
    await settleRefund(localCloud.stripeUrl, providerRefundId ?? '', 'fail');
    await makeRefund(id);
    expect(await RefundModel.findById(id).lean()).toMatchObject({ status: 'failed', isReserved: false });
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', pendingRefundMinor: 0 });
    const res = await retry(id).expect(200);
    expectContract(retryRefundRoute, res);
    await makeRefund(id);
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', amountRefundedMinor: TOTAL });
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 2 });
    expect(errorOf(await retry(id).expect(409)).code).toBe('invalid_transition');
  });

  it('whose provider stays silent is failed and kept back; made again, it is the same one', async () => {
    const order = await capturedOrder();
    const id = idOf(await ask(order, { amountMinor: TOTAL, ...LATE }).expect(201));
    await setFaults(localCloud.stripeUrl, {
      requests: [{ kind: 'lose_answer', path: '/v1/refunds', method: 'POST', times: 3 }],
    });
    await expect(makeRefund(id, { isLastTry: true })).rejects.toThrow();
    expect(await RefundModel.findById(id).lean()).toMatchObject({ status: 'failed', isReserved: true });
    expect((await storedPayment(order)).pendingRefundMinor).toBe(TOTAL);
    await ask(order, { amountMinor: 1, ...LATE }).expect(422);
    await retry(id).expect(200);
    await makeRefund(id);
    expect(await entryOf(order)).toMatchObject({ refunded: TOTAL, refundCount: 1 });
    expect(await storedPayment(order)).toMatchObject({ status: 'refunded', pendingRefundMinor: 0 });
  });

  it('waits while the provider is away', async () => {
    const order = await capturedOrder();
    const id = idOf(await ask(order, { amountMinor: 1_000, ...LATE }).expect(201));
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    await expect(makeRefund(id)).rejects.toThrow();
    expect(await RefundModel.findById(id).lean()).toMatchObject({ status: 'processing', isReserved: true });
  });
});

describe('GET /refunds', () => {
  it('shows the office all, and a restaurant and a courier what they bear, newest first', async () => {
    const [owner, courier] = [await createUser({ roles: ['restaurant'] }), await createUser({ roles: ['courier'] })];
    const order = await createCapturedOrder({ ownerId: owner._id });
    const ours = await createRefund(order, { liableParty: 'restaurant' });
    const theirs = await createRefund({ ...order, courierId: courier._id }, { liableParty: 'courier' });
    const other = await createRefund(await createCapturedOrder(), { liableParty: 'restaurant' });
    const admin = await logInAs({ roles: ['admin'] });
    const pages = [
      [admin, [other, theirs, ours]],
      [await openLogin(owner), [ours]],
      [await openLogin(courier), [theirs]],
    ] as const;
    for (const [login, refunds] of pages) {
      const res = await app.request.get('/api/v1/refunds').set(login.headers).expect(200);
      expectContract(listRefundsRoute, res);
      const { data } = res.body as { data: { id: string }[] };
      expect(data.map(({ id }) => id)).toEqual(refunds.map(({ _id }) => _id));
    }
    const ofOne = await app.request.get(`/api/v1/refunds?orderId=${order._id}`).set(admin.headers).expect(200);
    expect(ofOne.body).toMatchObject({ data: [{ id: theirs._id, paymentId: order.paymentId }, { id: ours._id }] });
    const first = await app.request.get('/api/v1/refunds?limit=2').set(admin.headers).expect(200);
    const { page } = first.body as { page: { nextCursor: string } };
    const rest = await app.request
      .get(`/api/v1/refunds?limit=2&cursor=${page.nextCursor}`)
      .set(admin.headers)
      .expect(200);
    expect((rest.body as { data: unknown[] }).data).toHaveLength(1);
  });
});
