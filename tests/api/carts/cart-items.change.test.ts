import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeCartItemRoute } from '../../../src/modules/carts/carts.schema.ts';
import { getCart } from '../../../src/modules/carts/carts.service.ts';
import { newId } from '../../../src/shared/ids.ts';
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

async function scene() {
  const [{ headers, userId }, kitchen] = await Promise.all([logInAs(), createKitchen()]);
  await fillCart(kitchen, userId);
  const lineId = (await getCart(userId)).lines[0]?.id ?? '';
  return { headers, userId, kitchen, path: `/api/v1/cart/items/${lineId}` };
}

describe('PATCH /cart/items/:lineId', () => {
  it('changes quantity, options and note, and prices again', async () => {
    const { headers, kitchen, path } = await scene();
    const body = { quantity: 3, optionIds: [kitchen.biryani.small, kitchen.biryani.egg], note: 'Mild' };
    const res = await app.request.patch(path).set(headers).send(body).expect(200);
    expectContract(changeCartItemRoute, res);
    expect(res.body).toMatchObject({ lines: [{ quantity: 3, note: 'Mild', lineTotal: { amount: 79_200 } }, {}] });
  });

  it('refuses a body without a change, an unknown key, and a quantity out of bounds', async () => {
    const { headers, path } = await scene();
    for (const body of [{}, { price: 1 }, { quantity: 0 }, { quantity: 51 }]) {
      await app.request.patch(path).set(headers).send(body).expect(400);
    }
  });

  it('refuses options that do not fit', async () => {
    const { headers, path } = await scene();
    const res = await app.request.patch(path).set(headers).send({ optionIds: [] }).expect(422);
    expect(res.body).toMatchObject({ error: { code: 'option_selection_invalid' } });
  });

  it("knows no line of somebody else's cart, no absent one, and no malformed id", async () => {
    const { path, userId } = await scene();
    const { headers } = await logInAs();
    await app.request.patch(path).set(headers).send({ quantity: 9 }).expect(404);
    await app.request.patch(`/api/v1/cart/items/${newId()}`).set(headers).send({ quantity: 9 }).expect(404);
    await app.request.patch('/api/v1/cart/items/1').set(headers).send({ quantity: 9 }).expect(400);
    expect((await getCart(userId)).lines[0]).toMatchObject({ quantity: 2 });
  });
});
