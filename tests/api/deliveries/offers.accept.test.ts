import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { acceptOfferRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { offers } from '../../../src/modules/deliveries/offer.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOfferingDelivery, getStoredDelivery, getStoredOffer } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import type { Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { logInCourier, withKey } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

async function offeredTo(login: Login) {
  const delivery = await createOfferingDelivery();
  const { _id } = await getStoredOffer(delivery._id, login.userId);
  return { delivery, offerId: _id, path: `/api/v1/offers/${_id}/accept` };
}

describe('POST /offers/:offerId/accept', () => {
  it('assigns the delivery and tells the parties through the outbox', async () => {
    const courier = await logInCourier();
    const { delivery, path } = await offeredTo(courier);
    const res = await app.request.post(path).set(withKey(courier, 'a')).expect(200);
    expectContract(acceptOfferRoute, res);
    expect(res.body).toMatchObject({ deliveryId: delivery._id, orderId: delivery.orderId, status: 'assigned' });
    expect(await getStoredDelivery(delivery.orderId)).toMatchObject({ courierId: courier.userId });
    const row = await OutboxModel.findOne({ event: 'delivery.assigned' }).lean();
    expect(row?.payload).toMatchObject({
      ...{ orderId: delivery.orderId, customerId: delivery.customerId, courierId: courier.userId },
    });
  });

  it('replays the answer under the same key, at /api too', async () => {
    const courier = await logInCourier();
    const { path } = await offeredTo(courier);
    const first = await app.request.post(path).set(withKey(courier, 'a')).expect(200);
    const again = await app.request.post(path.replace('/v1', '')).set(withKey(courier, 'a')).expect(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('needs a key', async () => {
    const courier = await logInCourier();
    const { path, delivery } = await offeredTo(courier);
    const res = await app.request.post(path).set(courier.headers).expect(400);
    expect(errorOf(res).code).toBe('idempotency_key_missing');
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('offering');
  });

  it('answers 409 offer_taken to the one who comes second', async () => {
    const [courier, other] = [await logInCourier(), await logInCourier()];
    const { path, delivery } = await offeredTo(courier);
    await app.request.post(path).set(withKey(courier, 'a')).expect(200);
    const lost = await getStoredOffer(delivery._id, other.userId);
    const res = await app.request.post(`/api/v1/offers/${lost._id}/accept`).set(withKey(other, 'a')).expect(409);
    expect(errorOf(res).code).toBe('offer_taken');
  });

  it('answers 409 offer_expired once its time is up, and 409 courier_busy with full hands', async () => {
    const courier = await logInCourier();
    const first = await offeredTo(courier);
    const second = await offeredTo(courier);
    await offers().updateOne({ _id: first.offerId }, { $set: { expiresAt: addMs(now(), -1) } });
    const late = await app.request.post(first.path).set(withKey(courier, 'a')).expect(409);
    expect(errorOf(late).code).toBe('offer_expired');
    await offers().updateOne({ _id: first.offerId }, { $set: { expiresAt: addMs(now(), 30_000) } });
    await app.request.post(second.path).set(withKey(courier, 'b')).expect(200);
    const busy = await app.request.post(first.path).set(withKey(courier, 'c')).expect(409);
    expect(errorOf(busy).code).toBe('courier_busy');
  });

  it("is not found for another courier, nor with an id that is nobody's", async () => {
    const { path } = await offeredTo(await logInCourier());
    const stranger = await logInCourier();
    await app.request.post(path).set(withKey(stranger, 'a')).expect(404);
    await app.request.post(`/api/v1/offers/${newId()}/accept`).set(withKey(stranger, 'b')).expect(404);
    await app.request.post('/api/v1/offers/1/accept').set(withKey(stranger, 'c')).expect(400);
  });
});
