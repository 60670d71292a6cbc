import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearFaults } from '../../scripts/local-cloud/control-client.ts';
import { placeOrder } from '../../src/modules/checkout/checkout.service.ts';
import { cancelOrder } from '../../src/modules/orders/cancellation/cancellation.service.ts';
import { KitchenClaimModel, KitchenSlotModel } from '../../src/modules/restaurants/kitchen-slot.model.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { customerActor, placing, quoteFor } from '../support/checkout.ts';
import { eventually } from '../support/eventually.ts';
import { createKitchen } from '../support/kitchen.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
afterEach(async () => {
  await clearFaults(localCloud.stripeUrl);
  await emptyCollections();
});
afterAll(() => app.stop());

describe('the worker, when an order is cancelled before acceptance', () => {
  it('gives its place in the kitchen back', async () => {
    const actor = customerActor();
    const kitchen = await createKitchen({ capacity: { slotMinutes: 60, maxOrders: 1 } });
    const { _id: quoteId } = await quoteFor(kitchen, actor.userId);
    const { answer } = await placeOrder({ quoteId, idempotency: placing(actor.userId) }, actor);
    expect(await KitchenSlotModel.findOne().lean()).toMatchObject({ taken: 1 });

    await cancelOrder({ orderId: answer.id, idempotency: placing(actor.userId, { operation: 'cancelOrder' }) }, actor);
    await eventually(async () => {
      expect(await KitchenSlotModel.findOne().lean()).toMatchObject({ taken: 0 });
    });
    expect((await KitchenClaimModel.findById(answer.id).lean())?.releasedAt).toBeInstanceOf(Date);
  });
});
