import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCart } from '../../../src/modules/carts/carts.service.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { fillCart } from '../../support/checkout.ts';
import { createKitchen } from '../../support/kitchen.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('DELETE /cart', () => {
  it('empties the own cart and leaves the others', async () => {
    const [mine, theirs, kitchen] = await Promise.all([logInAs(), logInAs(), createKitchen()]);
    await Promise.all([fillCart(kitchen, mine.userId), fillCart(kitchen, theirs.userId)]);
    await app.request.delete('/api/v1/cart').set(mine.headers).expect(204);
    expect((await getCart(mine.userId)).lines).toEqual([]);
    expect((await getCart(theirs.userId)).lines).toHaveLength(2);
  });

  it('may be repeated, and needs no cart', async () => {
    const { headers } = await logInAs();
    await app.request.delete('/api/v1/cart').set(headers).expect(204);
    await app.request.delete('/api/v1/cart').set(headers).expect(204);
  });

  it('is for customers alone', async () => {
    await app.request.delete('/api/v1/cart').expect(401);
  });
});
