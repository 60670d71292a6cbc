import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeliveryModel } from '../../../src/modules/deliveries/delivery.model.ts';
import { recordDeliveryEventRoute } from '../../../src/modules/deliveries/delivery-events.schema.ts';
import { failDeliveryRoute, takeBackOrderRoute } from '../../../src/modules/deliveries/failure.schema.ts';
import { createDeliveryAtDropoff, getStoredDelivery, getStoredOrder } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { withKey, withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const eventsOf = ({ _id }: { _id: string }) => `/api/v1/deliveries/${_id}/events`;

describe('a delivery that fails', () => {
  it('by its courier too early: 409 with what is missing; each attempt is recorded', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtDropoff);
    const called = { type: 'contact_attempted', channel: 'call' };
    const res = await app.request.post(eventsOf(delivery)).set(withKey(courier, 'a')).send(called).expect(200);
    expectContract(recordDeliveryEventRoute, res);
    const failed = { type: 'failed', reason: 'customer_absent', disposal: 'return' };
    const refused = await app.request.post(eventsOf(delivery)).set(withKey(courier, 'b')).send(failed).expect(409);
    expect(errorOf(refused)).toMatchObject({ code: 'dropoff_wait_not_over', details: { contactsLeft: 1 } });
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('at_dropoff');
  });

  it('goes back to the restaurant by the code that the courier sees', async () => {
    const { courier, owner, delivery } = await withParties(createDeliveryAtDropoff);
    const failed = { type: 'failed', reason: 'unsafe_place', disposal: 'return' };
    const res = await app.request.post(eventsOf(delivery)).set(withKey(courier, 'a')).send(failed).expect(200);
    expect(res.body).toMatchObject({ status: 'returning' });
    const current = await app.request.get('/api/v1/deliveries/current').set(courier.headers).expect(200);
    const { handoverCode: code } = current.body as { handoverCode: string };
    const path = `/api/v1/orders/${delivery.orderId}/take-back`;
    const taken = await app.request.post(path).set(owner.headers).send({ code }).expect(200);
    expectContract(takeBackOrderRoute, taken);
    expect(taken.body).toMatchObject({ status: 'failed', deliveryStatus: 'returned' });
    await app.request.get('/api/v1/deliveries/current').set(courier.headers).expect(404);
  });
});

describe('POST /orders/:orderId/fail', () => {
  it('is not for who ordered, whoever they work for', async () => {
    const { delivery } = await withParties(createDeliveryAtDropoff);
    const support = await logInAs({ roles: ['customer', 'support'] });
    await DeliveryModel.updateOne({ _id: delivery._id }, { customerId: support.userId });
    const body = { reason: 'unsafe_place', disposal: 'discard' };
    await app.request.post(`/api/v1/orders/${delivery.orderId}/fail`).set(withKey(support, 'a')).send(body).expect(403);
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('at_dropoff');
  });

  it('is for the office, replays under its key, and is refused for an order that is over', async () => {
    const { customer, delivery } = await withParties(createDeliveryAtDropoff);
    const support = await logInAs({ roles: ['support'] });
    const path = `/api/v1/orders/${delivery.orderId}/fail`;
    const body = { reason: 'food_damaged', disposal: 'discard' };
    await app.request.post(path).set(withKey(customer, 'a')).send(body).expect(403);
    await app.request.post(path).set(support.headers).send(body).expect(400);
    const res = await app.request.post(path).set(withKey(support, 'a')).send(body).expect(200);
    expectContract(failDeliveryRoute, res);
    expect(res.body).toMatchObject({ status: 'failed' });
    const again = await app.request.post(path).set(withKey(support, 'a')).send(body).expect(200);
    expect(again.headers['idempotent-replayed']).toBe('true');
    await app.request.post(path).set(withKey(support, 'b')).send(body).expect(409);
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({ liableParty: 'courier', amountDueMinor: 0 });
  });

  it('of food that nobody takes back: thrown away, its courier is free, and who bears it stays as it was', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtDropoff);
    const failed = { type: 'failed', reason: 'unsafe_place', disposal: 'return' };
    await app.request.post(eventsOf(delivery)).set(withKey(courier, 'a')).send(failed).expect(200);
    const support = await logInAs({ roles: ['support'] });
    const path = `/api/v1/orders/${delivery.orderId}/fail`;
    const body = { reason: 'courier_accident', disposal: 'return' };
    await app.request.post(path).set(withKey(support, 'a')).send(body).expect(409);
    const given = { ...body, disposal: 'discard' };
    const res = await app.request.post(path).set(withKey(support, 'b')).send(given).expect(200);
    expectContract(failDeliveryRoute, res);
    expect(res.body).toMatchObject({ status: 'failed', deliveryStatus: 'failed' });
    await app.request.get('/api/v1/deliveries/current').set(courier.headers).expect(404);
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({ liableParty: 'platform' });
  });
});
