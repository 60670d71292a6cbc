import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import {
  book,
  clearFaults,
  expirePayment,
  saveCard as saveAtProvider,
} from '../../../scripts/local-cloud/control-client.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { CardModel, ProviderCustomerModel } from '../../../src/modules/payments/cards/card.model.ts';
import { addCardRoute } from '../../../src/modules/payments/cards/cards.schema.ts';
import { saveCard } from '../../../src/modules/payments/cards/cards.service.ts';
import { discardIntent } from '../../../src/modules/payments/intents.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createHeldOrder, storedPayment } from '../../support/held-orders.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

export let app: TestApp;
/** Whoever `become` made. */
export let customer: Login;

/** The app of a file about paying, and what each test leaves is gone. */
export function usePaying(): void {
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterEach(async () => {
    setClock(null);
    await clearFaults(localCloud.stripeUrl);
    await emptyCollections();
  });
  afterAll(() => app.stop());
}

export async function become(): Promise<{ customerId: string }> {
  await resetRateLimits();
  customer = await logInAs();
  return { customerId: customer.userId };
}

interface As {
  key?: string;
  login?: Login;
}

export function payOver(order: OrderRecord, body: object = {}, { key = randomUUID(), login = customer }: As = {}) {
  const request = app.request.post(`/api/v1/orders/${order._id}/pay`).set(login.headers);
  return request.set('Idempotency-Key', key).send(body);
}

export interface PaymentBody {
  status: string;
  clientSecret: string | null;
  publishableKey: string;
  failureCode: string | null;
}

/** Through the front door: set up, confirmed in the browser, told by the provider. */
export async function addCardOf(paymentMethod: string): Promise<string> {
  const res = await app.request.post('/api/v1/me/cards').set(customer.headers).expect(202);
  expectContract(addCardRoute, res);
  const { clientSecret, publishableKey } = res.body as { clientSecret: string; publishableKey: string };
  const { stripeUrl } = localCloud;
  expect(await saveAtProvider({ stripeUrl, publishableKey, clientSecret, paymentMethod })).toBe(200);
  await saveCard(clientSecret.split('_secret_')[0] ?? '');
  const card = await CardModel.findOne({ userId: customer.userId }).sort({ _id: -1 }).lean();
  return card?._id ?? '';
}

/** Everything that the provider's book has on the order's intents. */
export async function sumsOf(order: OrderRecord) {
  const { perIntent } = await book(localCloud.stripeUrl);
  const ours = perIntent.filter(({ metadata }) => metadata['orderId'] === order._id);
  const sum = (of: (entry: (typeof ours)[number]) => number) => ours.reduce((all, entry) => all + of(entry), 0);
  return {
    intents: ours.length,
    captured: sum(({ captured }) => captured),
    kept: sum(({ captured, refunded }) => captured - refunded),
    held: sum(({ authorized, captured, released }) => authorized - captured - released),
  };
}

export async function discardPast(order: OrderRecord): Promise<void> {
  const { pastIntentIds } = await storedPayment(order);
  for (const intentId of pastIntentIds) await discardIntent(order.paymentId, intentId);
}

/** A saved card of the customer's that the bank declines when it is used; it was good when it was saved. */
export async function providerCard(testCard: string) {
  const customerRow = await ProviderCustomerModel.findById(customer.userId).lean();
  const { providerCustomerId } = customerRow ?? { providerCustomerId: '' };
  return { providerCustomerId, paymentMethodId: testCard };
}

/** Accepted, and its hold has run out at the bank. */
export async function problematicOrder(): Promise<OrderRecord> {
  const order = await createHeldOrder('accepted', await become());
  await expirePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '');
  await settlePayment(order._id);
  return order;
}
