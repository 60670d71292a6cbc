import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addCartItemRoute } from '../../../src/modules/carts/carts.schema.ts';
import { getCart } from '../../../src/modules/carts/carts.service.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/cart/items';

async function scene() {
  const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
  const body = { restaurantId: kitchen.restaurantId, itemId: kitchen.lassi.id, quantity: 2 };
  return { headers, userId, kitchen, body };
}

describe('POST /cart/items', () => {
  it('answers 201 with the whole cart and where it is', async () => {
    const { headers, userId, body } = await scene();
    const res = await app.request.post(PATH).set(headers).send(body).expect(201).expect('Location', '/api/v1/cart');
    expectContract(addCartItemRoute, res);
    expect(res.body).toMatchObject({
      lines: [{ name: 'Lassi', quantity: 2 }],
      subtotal: { amount: 12_100 },
      version: 1,
    });
    expect(await getCart(userId)).toMatchObject({ restaurantId: body.restaurantId, version: 1 });
  });

  it('offers to replace the cart of another restaurant', async () => {
    const { headers, kitchen, body } = await scene();
    const other = await createKitchen();
    const theirs = { restaurantId: other.restaurantId, itemId: other.lassi.id, quantity: 1 };
    await app.request.post(PATH).set(headers).send(body).expect(201);
    const refused = await app.request.post(PATH).set(headers).send(theirs).expect(409);
    expect(refused.body).toMatchObject({
      error: { code: 'cart_other_restaurant', details: { restaurantId: kitchen.restaurantId } },
    });
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...theirs, replace: true })
      .expect(201);
    expect(res.body).toMatchObject({ restaurant: { id: other.restaurantId }, lines: [{ quantity: 1 }] });
  });

  it.each([0, -1, 0.5, '1', 51, 1e9, null])('refuses the quantity %j', async (quantity) => {
    const { headers, body } = await scene();
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...body, quantity })
      .expect(400);
    expect(res.body).toMatchObject({ error: { code: 'validation_failed', details: [{ path: 'quantity' }] } });
  });

  it.each(['priceMinor', 'unitPrice', 'currency', '$set', '__proto__x'])('refuses the unknown key %s', async (key) => {
    const { headers, userId, body } = await scene();
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...body, [key]: 1 })
      .expect(400);
    expect(res.body).toMatchObject({ error: { details: [{ path: key, code: 'unknown_key' }] } });
    expect((await getCart(userId)).lines).toEqual([]);
  });

  it.each(['Hot\u001b[31m', 'Hot\r\nor not', 'Hot \u202eton'])('refuses the note %j', async (note) => {
    const { headers, body } = await scene();
    const res = await app.request
      .post(PATH)
      .set(headers)
      .send({ ...body, note })
      .expect(400);
    expect(res.body).toMatchObject({ error: { details: [{ path: 'note' }] } });
  });

  it('refuses an operator where an id belongs', async () => {
    const { headers, body } = await scene();
    await app.request
      .post(PATH)
      .set(headers)
      .send({ ...body, itemId: { $ne: null } })
      .expect(400);
  });

  it('refuses options that do not make the item complete, with paths', async () => {
    const { headers, kitchen, body } = await scene();
    const biryani = { ...body, itemId: kitchen.biryani.id, optionIds: [kitchen.biryani.egg, newId()] };
    const res = await app.request.post(PATH).set(headers).send(biryani).expect(422);
    expect(res.body).toMatchObject({
      error: {
        code: 'option_selection_invalid',
        details: [{ path: 'optionIds.1', code: 'unknown_option' }, { code: 'too_few_options' }],
      },
    });
  });

  it('refuses an item that is not on the menu', async () => {
    const { headers, body } = await scene();
    await app.request
      .post(PATH)
      .set(headers)
      .send({ ...body, itemId: newId() })
      .expect(404);
  });

  it('is for customers alone', async () => {
    const { body } = await scene();
    await app.request.post(PATH).send(body).expect(401);
    const { headers } = await logInAs({ roles: ['restaurant'] });
    await app.request.post(PATH).set(headers).send(body).expect(403);
  });
});
