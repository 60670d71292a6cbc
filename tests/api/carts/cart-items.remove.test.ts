import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { removeCartItemRoute } from '../../../src/modules/carts/carts.schema.ts';
import { getCart } from '../../../src/modules/carts/carts.service.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { fillCart } from '../../support/checkout.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('DELETE /cart/items/:lineId', () => {
  it('removes the line and answers with what is left; a second time it is absent', async () => {
    const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
    await fillCart(kitchen, userId);
    const lineId = (await getCart(userId)).lines[0]?.id ?? '';
    const path = `/api/v1/cart/items/${lineId}`;
    const res = await app.request.delete(path).set(headers).expect(200);
    expectContract(removeCartItemRoute, res);
    expect(res.body).toMatchObject({ lines: [{ name: 'Lassi' }], subtotal: { amount: 6_050 } });
    await app.request.delete(path).set(headers).expect(404);
  });

  it('leaves an empty cart after the last line', async () => {
    const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
    await fillCart(kitchen, userId);
    for (const { id } of (await getCart(userId)).lines) {
      await app.request.delete(`/api/v1/cart/items/${id}`).set(headers).expect(200);
    }
    const res = await app.request.get('/api/v1/cart').set(headers);
    expect(res.body).toEqual({ restaurant: null, lines: [], subtotal: null, pricing: null, coupon: null, version: 4 });
  });

  it("leaves somebody else's cart alone", async () => {
    const [owner, stranger, kitchen] = await Promise.all([logInAs(), logInAs(), createKitchen()]);
    await fillCart(kitchen, owner.userId);
    const lineId = (await getCart(owner.userId)).lines[0]?.id ?? '';
    await app.request.delete(`/api/v1/cart/items/${lineId}`).set(stranger.headers).expect(404);
    expect((await getCart(owner.userId)).lines).toHaveLength(2);
  });
});
