import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { getPaymentRoute } from '../../../src/modules/payments/payments.schema.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createHeldOrder, entryOf, PROVIDER_AWAY } from '../../support/held-orders.ts';
import { logInAs, openLogin } from '../../support/log-in.ts';
import { createUser } from '../../factories/user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => app.stop());

function pathOf(orderId: string): string {
  return `/api/v1/orders/${orderId}/payment`;
}

async function unpaid() {
  const customer = await logInAs();
  const order = await createOrderIn('pending_payment', { customerId: customer.userId });
  return { ...customer, order, path: pathOf(order._id) };
}

describe('GET /orders/:orderId/payment', () => {
  it('gives the customer what the browser needs, the same every time, and lets nobody store it', async () => {
    const { headers, order, path } = await unpaid();
    const res = await app.request.get(path).set(headers).expect(200);
    expectContract(getPaymentRoute, res);
    const intentId = (await entryOf(order))?.id;
    expect(res.body).toEqual({
      ...{ id: order.paymentId, orderId: order._id, method: 'card', status: 'requires_payment' },
      ...{ failureCode: null, refunds: [] },
      ...{ amount: rupees(11_200), captured: rupees(0), refunded: rupees(0), disputed: rupees(0) },
      clientSecret: expect.stringContaining(`${intentId ?? '?'}_secret_`) as string,
      publishableKey: expect.stringMatching(/^pk_test_/) as string,
    });
    expect(res.headers['cache-control']).toBe('no-store');
    expect(res.text).not.toContain('sk_test_');
    const again = await app.request.get(path).set(headers).expect(200);
    expect(again.text).toBe(res.text);
  });

  it('answers without a client secret while the provider is away', async () => {
    const { headers, path } = await unpaid();
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    const res = await app.request.get(path).set(headers).expect(200);
    expectContract(getPaymentRoute, res);
    expect(res.body).toMatchObject({ status: 'requires_payment', clientSecret: null });
  });

  it('shows what was captured, and no client secret any more', async () => {
    const user = await createUser();
    const order = await createHeldOrder('accepted', { customerId: user._id });
    await settlePayment(order._id);
    const { headers } = await openLogin(user);
    const res = await app.request.get(pathOf(order._id)).set(headers).expect(200);
    expectContract(getPaymentRoute, res);
    expect(res.body).toMatchObject({ status: 'captured', captured: rupees(11_200), clientSecret: null });
  });

  it('shows what a dispute has taken', async () => {
    const { headers, order, path } = await unpaid();
    await PaymentModel.updateOne({ _id: order.paymentId }, { disputedMinor: 4_000 });
    const res = await app.request.get(path).set(headers).expect(200);
    expectContract(getPaymentRoute, res);
    expect(res.body).toMatchObject({ disputed: rupees(4_000), refunded: rupees(0) });
  });

  it('is 404 for strangers, 403 for other trades, 401 without a token, 400 for no id', async () => {
    const { path, headers } = await unpaid();
    const stranger = await logInAs();
    await app.request.get(path).set(stranger.headers).expect(404);
    await app.request.get(pathOf(newId())).set(headers).expect(404);
    await app.request.get(pathOf('x')).set(headers).expect(400);
    for (const role of ['restaurant', 'courier'] as const) {
      const login = await logInAs({ roles: [role] });
      await app.request.get(path).set(login.headers).expect(403);
    }
    await app.request.get(path).expect(401);
  });
});

function rupees(amount: number) {
  return { amount, currency: 'INR' };
}
