import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listPushMessages, setPushFaults, subscribeToPush } from '../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { pushTipToCourier } from '../../src/modules/notifications/courier-push.service.ts';
import { pushToCustomer } from '../../src/modules/notifications/customer-push.service.ts';
import { remindToAccept } from '../../src/modules/notifications/kitchen-news.service.ts';
import { proposeAmendment } from '../../src/modules/orders/amendments/amendments.service.ts';
import { respondToAmendment } from '../../src/modules/orders/amendments/settle-amendment.service.ts';
import { raiseSessionVersion } from '../../src/modules/users/index.ts';
import { setPreferences } from '../../src/modules/users/preferences.service.ts';
import { PushDeviceModel } from '../../src/modules/users/push-device.model.ts';
import { registerPushDevice } from '../../src/modules/users/push-devices.service.ts';
import { withTransaction } from '../../src/infra/mongo/index.ts';
import { subscriptions } from '../../src/subscriptions.ts';
import { createOrderIn, customerActor, getStoredOrder, ownerActor } from '../factories/order.ts';
import { createTippableOrder } from '../factories/tip.ts';
import { SOUP, twoDishes } from '../factories/two-dishes.ts';
import { createUser } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await setPushFaults(localCloud.pushUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function subscribe(userId: string): Promise<string> {
  const { browserId, endpoint, keys } = await subscribeToPush(localCloud.pushUrl);
  await registerPushDevice({ platform: 'web', name: 'A browser', endpoint, keys }, userId);
  return browserId;
}

async function messagesOf(browserId: string) {
  return (await listPushMessages(localCloud.pushUrl)).filter((message) => message.browserId === browserId);
}

const openOf = async (orderId: string) => (await getStoredOrder(orderId)).openAmendmentId ?? '';

async function waitingOrder() {
  const owner = await createUser();
  const order = await createOrderIn('placed', { ownerId: owner._id });
  return { owner, order, remind: () => remindToAccept({ orderId: order._id, seq: 3, step: 'push' }) };
}

describe('a push message', () => {
  it('about an order that waits: to each browser of the staff, once, with nothing about the customer', async () => {
    const { owner, order, remind } = await waitingOrder();
    const browsers = [await subscribe(owner._id), await subscribe(owner._id)];
    await subscribe((await createUser())._id);
    await remind();
    await remind();
    for (const browserId of browsers) {
      expect(await messagesOf(browserId)).toMatchObject([
        { urgency: 'high', message: { type: 'order.accept_reminded', title: 'An order waits for your answer' } },
      ]);
    }
    const sent = JSON.stringify(await listPushMessages(localCloud.pushUrl));
    expect(sent).toContain(order.number);
    expect(sent).not.toContain('Lighthouse');
    expect(sent).not.toContain(order.customerId);
  });

  it.each(['gone', 'not_found'] as const)('a browser that is %s: forgotten, and nothing fails', async (kind) => {
    const { owner, remind } = await waitingOrder();
    const browserId = await subscribe(owner._id);
    await setPushFaults(localCloud.pushUrl, { kind, browserId });
    await remind();
    expect(await PushDeviceModel.countDocuments({ userId: owner._id })).toBe(0);
  });

  it('a service that is away: the job fails without the endpoint in its message, and the next attempt sends one', async () => {
    const { owner, remind } = await waitingOrder();
    const browserId = await subscribe(owner._id);
    await setPushFaults(localCloud.pushUrl, { kind: 'fail', browserId });
    await expect(remind()).rejects.toThrow('the push service did not take the message (500)');
    await remind();
    expect(await messagesOf(browserId)).toHaveLength(1);
  });

  it('one of two browsers that fails: the other has it, and it does not ring twice', async () => {
    const { owner, remind } = await waitingOrder();
    const [broken, fine] = [await subscribe(owner._id), await subscribe(owner._id)];
    await setPushFaults(localCloud.pushUrl, { kind: 'fail', browserId: broken });
    await remind();
    await remind();
    expect([await messagesOf(broken), await messagesOf(fine)].map(({ length }) => length)).toEqual([0, 1]);
  });

  it('log-ins that were ended everywhere: their browsers stay silent', async () => {
    const { owner, remind } = await waitingOrder();
    const browserId = await subscribe(owner._id);
    await withTransaction((tx) => raiseSessionVersion(tx, owner._id));
    await remind();
    expect(await messagesOf(browserId)).toEqual([]);
  });

  it('to a customer whom the kitchen asks about an amendment, at once', async () => {
    const customer = await createUser();
    const browserId = await subscribe(customer._id);
    const order = await createOrderIn('accepted', { ...twoDishes(), customerId: customer._id });
    const orderId = order._id;
    const changes = [{ kind: 'reduce' as const, lineId: SOUP, isSoldOut: false, quantity: 1 }];
    await proposeAmendment({ orderId, changes }, ownerActor(order));
    const reactions = subscriptions['order.amendment_proposed'] ?? [];
    expect(reactions.map(({ name }) => name)).toContain('notifications.push');
    await pushToCustomer({ orderId, seq: 4, news: 'amendment' });
    const body = expect.stringMatching(
      /^Soup: 1 instead of 2\. Answer by \d\d:\d\d, or what you chose is done\.$/,
    ) as string;
    expect(await messagesOf(browserId)).toMatchObject([{ message: { title: 'The kitchen has a question', body } }]);
    await respondToAmendment({ orderId, amendmentId: await openOf(orderId), answer: 'accepted' }, customerActor(order));
    await pushToCustomer({ orderId, seq: 5, news: 'amendment' });
    expect(await messagesOf(browserId)).toHaveLength(1);
  });

  it.each([
    { type: 'order.ready', news: 'ready', mode: 'collection', title: 'Your food is ready' },
    { type: 'order.picked_up', news: 'on_its_way', mode: 'delivery', title: 'Your food is on its way' },
  ] as const)('of $type: to a customer with $mode, without the code', async ({ type, news, mode, title }) => {
    const customer = await createUser();
    const browserId = await subscribe(customer._id);
    const deliveryAddress = mode === 'collection' ? { deliveryAddress: null, distanceMeters: 0 } : {};
    const changes = { customerId: customer._id, mode, ...deliveryAddress };
    const { _id: orderId } = await createOrderIn('ready', changes);
    expect((subscriptions[type] ?? []).map(({ name }) => name)).toContain('notifications.push');
    await pushToCustomer({ orderId, seq: 5, news });
    const messages = await messagesOf(browserId);
    expect(messages).toMatchObject([{ message: { title, type: `order.${news}` } }]);
    expect(JSON.stringify(messages[0]?.message).replace(orderId, '')).not.toMatch(/\b\d{6}\b/);
  });

  it('that food is ready: not to a customer to whom it is brought', async () => {
    const customer = await createUser();
    const browserId = await subscribe(customer._id);
    const { _id: orderId } = await createOrderIn('ready', { customerId: customer._id });
    await pushToCustomer({ orderId, seq: 5, news: 'ready' });
    expect(await messagesOf(browserId)).toEqual([]);
  });

  it('to a customer: unless they want none', async () => {
    const customer = await createUser();
    const browserId = await subscribe(customer._id);
    const { _id: orderId } = await createOrderIn('delivered', { customerId: customer._id });
    await pushToCustomer({ orderId, seq: 9, news: 'review' });
    expect(await messagesOf(browserId)).toMatchObject([{ message: { title: 'How was it?' } }]);
    const none = { email: false, sms: false, push: false };
    const channels = { orderUpdates: none, offers: none };
    await setPreferences({ channels, quietHours: null, language: 'en', replacementChoice: 'substitute' }, customer._id);
    await pushToCustomer({ orderId, seq: 10, news: 'at_the_door' });
    expect(await messagesOf(browserId)).toHaveLength(1);
  });

  it('of a tip after the delivery: to the courier, once, without the sum, and only where push is wanted', async () => {
    const courier = await createUser();
    const { _id: orderId } = await createTippableOrder({ courierId: courier._id });
    const browserId = await subscribe(courier._id);
    await pushTipToCourier({ orderId, seq: 9 });
    await pushTipToCourier({ orderId, seq: 9 });
    expect(await messagesOf(browserId)).toMatchObject([{ message: { type: 'order.tip', title: 'A tip for you' } }]);
    const none = { email: false, sms: false, push: false };
    const channels = { orderUpdates: none, offers: none };
    await setPreferences({ channels, quietHours: null, language: 'en', replacementChoice: 'substitute' }, courier._id);
    await pushTipToCourier({ orderId, seq: 10 });
    expect(await messagesOf(browserId)).toHaveLength(1);
    expect(subscriptions['order.tipped']?.map(({ name }) => name)).toContain('notifications.courier-push');
  });
});
