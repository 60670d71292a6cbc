import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { declineOfferRoute } from '../../../src/modules/deliveries/couriers.schema.ts';
import { createOfferingDelivery, getStoredOffer } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { errorOf } from '../../support/responses.ts';
import { logInCourier, withKey } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('POST /offers/:offerId/decline', () => {
  it('settles the offer, repeats its answer, and refuses a later yes', async () => {
    const courier = await logInCourier();
    const { _id: deliveryId } = await createOfferingDelivery();
    const offer = await getStoredOffer(deliveryId, courier.userId);
    const path = `/api/v1/offers/${offer._id}/decline`;
    const res = await app.request.post(path).set(courier.headers).expect(200);
    expectContract(declineOfferRoute, res);
    expect(res.body).toMatchObject({ id: offer._id, status: 'declined' });
    const again = await app.request.post(path).set(courier.headers).expect(200);
    expect(again.text).toBe(res.text);
    const late = await app.request.post(path.replace('decline', 'accept')).set(withKey(courier, 'a')).expect(409);
    expect(errorOf(late).code).toBe('offer_expired');
  });

  it('is not found for another courier', async () => {
    const courier = await logInCourier();
    const { _id: deliveryId } = await createOfferingDelivery();
    const offer = await getStoredOffer(deliveryId, courier.userId);
    const stranger = await logInCourier();
    await app.request.post(`/api/v1/offers/${offer._id}/decline`).set(stranger.headers).expect(404);
    expect((await getStoredOffer(deliveryId, courier.userId)).status).toBe('pending');
  });
});
