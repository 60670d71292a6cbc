import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { recordPaymentEvent } from '../../../src/modules/orders/index.ts';
import { handOverOrderRoute } from '../../../src/modules/deliveries/deliveries.schema.ts';
import { createAssignedDelivery, createDeliveryAtPickup, getStoredDelivery } from '../../factories/delivery.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';
import { withParties } from './parties.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function pathOf({ orderId }: { orderId: string }): string {
  return `/api/v1/orders/${orderId}/handover`;
}

describe('POST /orders/:orderId/handover', () => {
  it('hands over against the code, and answers the same again', async () => {
    const { owner, delivery } = await withParties(createDeliveryAtPickup);
    const body = { code: delivery.handoverCode };
    const res = await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(200);
    expectContract(handOverOrderRoute, res);
    expect(res.body).toMatchObject({ status: 'picked_up', deliveryStatus: 'picked_up' });
    const again = await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(200);
    expect(again.text).toBe(res.text);
  });

  it('gives nothing away while the capture is refused, until the customer has paid', async () => {
    const { owner, delivery } = await withParties(createDeliveryAtPickup);
    const { orderId } = delivery;
    const tell = (type: 'payment.problem' | 'payment.captured', paymentStatus: string) =>
      withTransaction((tx) => recordPaymentEvent(tx, { orderId, type, paymentStatus }));
    await tell('payment.problem', 'payment_problem');
    const body = { code: delivery.handoverCode };
    const res = await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(409);
    expect(errorOf(res).code).toBe('payment_open');
    expect((await getStoredDelivery(orderId)).status).toBe('at_pickup');
    await tell('payment.captured', 'captured');
    await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(200);
  });

  it('answers 422 with what is left for a wrong code, then 422 handover_code_locked', async () => {
    const { owner, delivery } = await withParties(createDeliveryAtPickup);
    const code = delivery.handoverCode === '0000' ? '0001' : '0000';
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const res = await app.request.post(pathOf(delivery)).set(owner.headers).send({ code }).expect(422);
      expect(errorOf(res)).toMatchObject({ code: 'handover_code_wrong', details: { attemptsLeft } });
    }
    const body = { code: delivery.handoverCode };
    const res = await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(422);
    expect(errorOf(res).code).toBe('handover_code_locked');
    expect((await getStoredDelivery(delivery.orderId)).status).toBe('at_pickup');
  });

  it('answers 409 while the courier is not there', async () => {
    const { owner, delivery } = await withParties(createAssignedDelivery);
    const body = { code: delivery.handoverCode };
    const res = await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(409);
    expect(errorOf(res)).toMatchObject({ code: 'invalid_transition', details: { status: 'assigned' } });
  });

  it.each([{}, { code: 1234 }, { code: '12345' }, { code: '12a4' }, { code: '1234', force: true }])(
    'refuses %j',
    async (body) => {
      const { owner, delivery } = await withParties(createDeliveryAtPickup);
      await app.request.post(pathOf(delivery)).set(owner.headers).send(body).expect(400);
    },
  );

  it('is not found for another restaurant, and forbidden to who is none', async () => {
    const { courier, customer, delivery } = await withParties(createDeliveryAtPickup);
    const body = { code: delivery.handoverCode };
    const stranger = await logInAs({ roles: ['restaurant'] });
    await app.request.post(pathOf(delivery)).set(stranger.headers).send(body).expect(404);
    await app.request.post(pathOf(delivery)).set(courier.headers).send(body).expect(403);
    await app.request.post(pathOf(delivery)).set(customer.headers).send(body).expect(403);
    expect((await getStoredDelivery(delivery.orderId)).handoverTries).toBe(0);
  });
});
