import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createQuoteRoute } from '../../../src/modules/checkout/checkout.schema.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { buildAddress } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { fillCart } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen, FAR_AWAY, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/quotes';

async function scene() {
  const address = buildAddress();
  const [{ headers, userId }, kitchen] = await Promise.all([logInAs({ addresses: [address] }), createKitchen()]);
  await fillCart(kitchen, userId);
  return { headers, userId, kitchen, addressId: address._id };
}

describe('POST /quotes', () => {
  it('answers 201 with the breakdown, the promise and where it is', async () => {
    const { headers, kitchen, addressId } = await scene();
    const res = await app.request.post(PATH).set(headers).send({ addressId, tipMinor: 2_000 }).expect(201);
    expectContract(createQuoteRoute, res);
    const { id } = res.body as { id: string };
    expect(res.headers['location']).toBe(`/api/v1/quotes/${id}`);
    const inr = (amount: number) => ({ amount, currency: 'INR' });
    expect(res.body).toMatchObject({
      restaurant: { id: kitchen.restaurantId, name: 'Biryani Wharf', timeZone: 'Asia/Kolkata' },
      address: { line1: '12 Lighthouse Road' },
      items: [
        { unitPrice: inr(30_900), lineTotal: inr(61_800), note: 'Hot' },
        { lineTotal: inr(6_050), note: null },
      ],
      pricing: {
        items: inr(67_850),
        deliveryFee: inr(2_500),
        serviceFee: inr(900),
        tax: inr(4_266),
        tip: inr(2_000),
        total: inr(77_516),
      },
      distanceMeters: 1_071,
      orderId: null,
    });
    const stored = await QuoteModel.findById(id).lean();
    expect(stored).toMatchObject({ signature: (res.body as { signature: string }).signature, usedAt: null });
  });

  it('takes an address that is not in the book', async () => {
    const { headers } = await scene();
    const { label: _label, ...address } = NEAR_HOME;
    const res = await app.request.post(PATH).set(headers).send({ address }).expect(201);
    expect(res.body).toMatchObject({
      address: { ...address, label: 'Delivery address' },
      pricing: { tip: { amount: 0 } },
    });
  });

  it.each([
    ['neither address', {}],
    ['both addresses', { addressId: '65f0c0ffee0000000000abcd', address: NEAR_HOME }],
    ['a negative tip', { address: NEAR_HOME, tipMinor: -1 }],
    ['half a paisa', { address: NEAR_HOME, tipMinor: 0.5 }],
    ['a price', { address: NEAR_HOME, totalMinor: 1 }],
    ['a fee inside the address', { address: { ...NEAR_HOME, deliveryFeeMinor: 0 } }],
    ['a line break in a line', { address: { ...NEAR_HOME, line1: 'Here\r\nBcc: eve' } }],
    ['text that runs backwards', { address: { ...NEAR_HOME, instructions: 'Ring \u202eeciwt' } }],
    ['a place off the globe', { address: { ...NEAR_HOME, location: { lat: 91, lng: 0 } } }],
  ])('refuses %s', async (_, body) => {
    const { headers } = await scene();
    const res = await app.request.post(PATH).set(headers).send(body).expect(400);
    expect(res.body).toMatchObject({ error: { code: 'validation_failed' } });
    expect(await QuoteModel.countDocuments()).toBe(0);
  });

  it('refuses an empty cart, a far address, and an address of somebody else', async () => {
    const { headers, addressId } = await scene();
    const far = await app.request.post(PATH).set(headers).send({ address: FAR_AWAY }).expect(422);
    expect(far.body).toMatchObject({ error: { code: 'out_of_range' } });
    const stranger = await logInAs();
    await app.request.post(PATH).set(stranger.headers).send({ addressId }).expect(404);
    const empty = await app.request.post(PATH).set(stranger.headers).send({ address: NEAR_HOME }).expect(422);
    expect(empty.body).toMatchObject({ error: { code: 'cart_empty' } });
  });

  it('is for customers alone', async () => {
    await app.request.post(PATH).send({ address: NEAR_HOME }).expect(401);
    const { headers } = await logInAs({ roles: ['restaurant'] });
    await app.request.post(PATH).set(headers).send({ address: NEAR_HOME }).expect(403);
  });
});
