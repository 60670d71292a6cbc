import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { clearFaults } from '../../../scripts/local-cloud/control-client.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { createTippableOrder } from '../../factories/tip.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { createSavedCard } from '../../support/tips.ts';

export const MINUTE_MS = 60_000;
/** Less the tip of the bill, which is 10.00. */
export const MOST_MINOR = 1_000_000 - 1_000;
export const FIFTY = { amount: { amount: 5_000, currency: 'INR' } };

let app: TestApp;
let customer: Login;

/** Sets the stage of a file: an app over the local cloud, and whoever tips. */
export function playTips(): { app: () => TestApp; customer: () => Login } {
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterEach(async () => {
    setClock(null);
    await clearFaults(localCloud.stripeUrl);
    await emptyCollections();
  });
  afterAll(() => app.stop());
  return { app: () => app, customer: () => customer };
}

export async function newCustomer(): Promise<Login> {
  await resetRateLimits();
  customer = await logInAs();
  return customer;
}

/** Of a new customer. */
export async function deliveredOrder(changes: Parameters<typeof createTippableOrder>[0] = {}): Promise<OrderRecord> {
  const { userId: customerId } = await newCustomer();
  return createTippableOrder({ customerId, ...changes });
}

interface As {
  key?: string;
  login?: Login;
}

export function tip({ _id }: OrderRecord, body: object = FIFTY, { key = randomUUID(), login = customer }: As = {}) {
  const request = app.request.post(`/api/v1/orders/${_id}/tip`).set(login.headers);
  return request.set('Idempotency-Key', key).send(body);
}

interface TipBody {
  id: string;
  status: string;
  failureCode: string | null;
  clientSecret: string | null;
  publishableKey: string;
  expiresAt: string | null;
}

export const bodyOf = (res: { body: unknown }) => res.body as TipBody;

export const savedCard = (paymentMethod?: string) => createSavedCard(customer.userId, paymentMethod);
