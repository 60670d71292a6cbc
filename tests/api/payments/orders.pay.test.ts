import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authenticatePayment } from '../../../scripts/local-cloud/control-client.ts';
import { CardModel } from '../../../src/modules/payments/cards/card.model.ts';
import { listCardsRoute } from '../../../src/modules/payments/cards/cards.schema.ts';
import { saveCard } from '../../../src/modules/payments/cards/cards.service.ts';
import { forgetAtProvider } from '../../../src/modules/payments/gateways/stripe-cards.ts';
import { makeIntent } from '../../../src/modules/payments/intents.service.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { payOrderRoute } from '../../../src/modules/payments/payments.schema.ts';
import { expireOrderUnlessPaid } from '../../../src/modules/payments/payments.service.ts';
import { settlePayment } from '../../../src/modules/payments/settle-payment.service.ts';
import { createOrderIn, getStoredOrder } from '../../factories/order.ts';
import { createCard } from '../../factories/refund.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createHeldOrder, storedPayment, TOTAL } from '../../support/held-orders.ts';
import { logInAs } from '../../support/log-in.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { errorOf } from '../../support/responses.ts';
import {
  app,
  customer,
  become,
  payOver,
  type PaymentBody,
  addCardOf,
  sumsOf,
  providerCard,
  usePaying,
} from './pay-scene.ts';

usePaying();

describe('POST /orders/:orderId/pay', () => {
  it('gives the secret of the one intent while the order waits', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const first = await payOver(order).expect(200);
    expectContract(payOrderRoute, first);
    const second = await payOver(order).expect(200);
    expect((first.body as PaymentBody).clientSecret).toContain('_secret_');
    expect(second.body).toEqual(first.body);
    expect((await sumsOf(order)).intents).toBe(1);
  });

  it('pays with a saved card at once, and once for a repeated key', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const cardId = await addCardOf('pm_card_visa');
    const key = randomUUID();
    const res = await payOver(order, { cardId }, { key }).expect(200);
    expect(res.body).toMatchObject({ status: 'authorized', clientSecret: null });
    await payOver(order, { cardId }, { key }).expect(200);
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'placed' });
    expect(await sumsOf(order)).toMatchObject({ intents: 1, held: TOTAL });
    expect(errorOf(await payOver(order, { cardId }).expect(409)).code).toBe('invalid_transition');
  });

  it('tells of a saved card that is declined, and takes another', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const good = await addCardOf('pm_card_visa');
    const bad = await createCard({ userId: customer.userId, ...(await providerCard('pm_card_visa_chargeDeclined')) });
    const declined = await payOver(order, { cardId: bad._id }).expect(200);
    expect(declined.body).toMatchObject({ status: 'requires_payment', failureCode: 'generic_decline' });
    expect((await payOver(order, { cardId: good }).expect(200)).body).toMatchObject({ status: 'authorized' });
  });

  it('whose bank asks tells so, on the order, too', async () => {
    const order = await createOrderIn('pending_payment', await become());
    const cardId = await addCardOf('pm_card_authenticationRequired');
    const res = await payOver(order, { cardId }).expect(200);
    expect(res.body).toMatchObject({ status: 'requires_action', clientSecret: expect.any(String) as string });
    const types = (await expectSoundOrder(order._id)).map(({ type }) => type);
    expect(types).toEqual(['order.created', 'payment.requires_action']);
    await authenticatePayment(localCloud.stripeUrl, (await storedPayment(order)).intentId ?? '', 'approve');
    await expireOrderUnlessPaid(order._id);
    expect((await getStoredOrder(order._id)).status).toBe('placed');
  });

  it("takes nobody else's card, order, or the office's word", async () => {
    const order = await createOrderIn('pending_payment', await become());
    const foreign = await createCard();
    expect(errorOf(await payOver(order, { cardId: foreign._id }).expect(404)).code).toBe('not_found');
    await payOver(order, {}, { login: await logInAs() }).expect(404);
    await payOver(order, {}, { login: await logInAs({ roles: ['support'] }) }).expect(403);
    expect((await sumsOf(order)).intents).toBe(0);
  });

  it('is refused where nothing is to be paid', async () => {
    for (const status of ['placed', 'cancelled', 'delivered'] as const) {
      const order = await createOrderIn(status, await become());
      expect(errorOf(await payOver(order).expect(409)).code).toBe('invalid_transition');
    }
  });
});

describe('an intent whose event was quicker than the answer that made it', () => {
  it('is not given up while it is being captured', async () => {
    const order = await createHeldOrder('accepted', await become());
    await PaymentModel.updateOne({ _id: order.paymentId }, { status: 'capturing', captureMinor: TOTAL });
    await makeIntent({ ...(await storedPayment(order)), paymentId: order.paymentId });
    await settlePayment(order._id);
    expect(await storedPayment(order)).toMatchObject({ status: 'captured', amountCapturedMinor: TOTAL });
  });
});

describe('/me/cards', () => {
  it('shows what the provider has saved, once, and forgets it', async () => {
    await become();
    const cardId = await addCardOf('pm_card_visa');
    const res = await app.request.get('/api/v1/me/cards').set(customer.headers).expect(200);
    expectContract(listCardsRoute, res);
    expect(res.body).toMatchObject({ data: [{ id: cardId, brand: 'visa', last4: '4242' }] });
    expect(res.text).not.toMatch(/pm_|cus_/);
    const card = await CardModel.findById(cardId).lean();
    await app.request.delete(`/api/v1/me/cards/${cardId}`).set(customer.headers).expect(204);
    await app.request.delete(`/api/v1/me/cards/${cardId}`).set(customer.headers).expect(404);
    await forgetAtProvider(card?.providerCustomerId ?? '', card?.paymentMethodId ?? '');
    await forgetAtProvider(card?.providerCustomerId ?? '', card?.paymentMethodId ?? '');
    expect(await CardModel.countDocuments()).toBe(0);
  });

  it("saves nothing that the provider did not, and nobody else's", async () => {
    await become();
    const res = await app.request.post('/api/v1/me/cards').set(customer.headers).expect(202);
    const { clientSecret } = res.body as { clientSecret: string };
    await expect(saveCard(clientSecret.split('_secret_')[0] ?? '')).rejects.toThrow();
    expect(await CardModel.countDocuments()).toBe(0);
    const { _id } = await createCard();
    await app.request.delete(`/api/v1/me/cards/${_id}`).set(customer.headers).expect(404);
  });
});
