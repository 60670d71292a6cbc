import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordDeliveryEventRoute } from '../../../src/modules/deliveries/delivery-events.schema.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  getStoredDelivery,
  getStoredOrder,
} from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { errorOf } from '../../support/responses.ts';
import { logInCourier, withKey, withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function pathOf({ _id }: { _id: string }): string {
  return `/api/v1/deliveries/${_id}/events`;
}

describe('POST /deliveries/:deliveryId/events', () => {
  it('reports a step', async () => {
    const { courier, delivery } = await withParties(createAssignedDelivery);
    const body = { type: 'en_route_pickup' };
    const res = await app.request.post(pathOf(delivery)).set(withKey(courier, 'a')).send(body).expect(200);
    expectContract(recordDeliveryEventRoute, res);
    expect(res.body).toMatchObject({ deliveryId: delivery._id, status: 'en_route_to_pickup' });
  });

  it('delivers against the PIN, and replays', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtDropoff);
    const body = { type: 'delivered', pin: delivery.pin };
    const res = await app.request.post(pathOf(delivery)).set(withKey(courier, 'a')).send(body).expect(200);
    expect(res.body).toMatchObject({ status: 'delivered' });
    expect(await getStoredOrder(delivery.orderId)).toMatchObject({ status: 'delivered' });
    const again = await app.request.post(pathOf(delivery)).set(withKey(courier, 'a')).send(body).expect(200);
    expect(again.text).toBe(res.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('answers 422 with what is left for a wrong PIN, then 422 delivery_pin_locked; a key of a refusal is free', async () => {
    const { courier, delivery } = await withParties(createDeliveryAtDropoff);
    const pin = delivery.pin === '0000' ? '0001' : '0000';
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const res = await app.request
        .post(pathOf(delivery))
        .set(withKey(courier, 'a'))
        .send({ type: 'delivered', pin })
        .expect(422);
      expect(errorOf(res)).toMatchObject({ code: 'delivery_pin_wrong', details: { attemptsLeft } });
    }
    const body = { type: 'delivered', pin: delivery.pin };
    const res = await app.request.post(pathOf(delivery)).set(withKey(courier, 'b')).send(body).expect(422);
    expect(errorOf(res).code).toBe('delivery_pin_locked');
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('at_dropoff');
  });

  it('answers 409 with the state for a step out of order', async () => {
    const { courier, delivery } = await withParties(createAssignedDelivery);
    const body = { type: 'arrived_dropoff' };
    const res = await app.request.post(pathOf(delivery)).set(withKey(courier, 'a')).send(body).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status: 'assigned' } });
  });

  it.each([
    {},
    { type: 'picked_up' },
    { type: 'failed' },
    { type: 'delivered' },
    { type: 'delivered', pin: 1234 },
    { type: 'delivered', pin: '123' },
    { type: 'delivered', pin: { $ne: '' } },
    { type: 'arrived_pickup', pin: '1234' },
    { type: 'arrived_pickup', status: 'delivered' },
  ])('refuses %j', async (body) => {
    const { courier, delivery } = await withParties(createAssignedDelivery);
    const res = await app.request.post(pathOf(delivery)).set(withKey(courier, 'a')).send(body).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
  });

  it('needs a key, and is not found for anybody else', async () => {
    const { courier, customer, delivery } = await withParties(createAssignedDelivery);
    const body = { type: 'en_route_pickup' };
    await app.request.post(pathOf(delivery)).set(courier.headers).send(body).expect(400);
    const stranger = await logInCourier();
    await app.request.post(pathOf(delivery)).set(withKey(stranger, 'a')).send(body).expect(404);
    await app.request.post(pathOf(delivery)).set(withKey(customer, 'a')).send(body).expect(403);
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('assigned');
  });
});
