import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  clearMail,
  clearMailFaults,
  listMail,
  setMailFaults,
  waitForMail,
} from '../../scripts/local-cloud/control-client.ts';
import { NotificationModel } from '../../src/modules/notifications/notification.model.ts';
import { OrderModel, type OrderRecord } from '../../src/modules/orders/order.model.ts';
import { PreferencesModel } from '../../src/modules/users/preferences.model.ts';
import { buildDeliveredOrder } from '../factories/delivered-order.ts';
import { createUser } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { eventually } from '../support/eventually.ts';

const DUPLICATES = 'quickbite_mail_possible_duplicates_total';

const OFF = { email: false, sms: false, push: false };
const NO_ORDER_MAILS = {
  channels: { orderUpdates: OFF, offers: OFF },
  quietHours: null,
  language: 'en',
  replacementChoice: 'substitute',
} as const;

const inbox = localCloud.inboxUrl;
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, mongo, outbox, queue, metrics, notifications] = await Promise.all([
    import('../support/app.ts'),
    import('../../src/infra/mongo/index.ts'),
    import('../../src/infra/queue/outbox.model.ts'),
    import('../../src/infra/queue/index.ts'),
    import('../../src/infra/observability/index.ts'),
    import('../../src/modules/notifications/notifications.service.ts'),
  ]);
  const testApp = await app.startTestApp({ withWorker: true });
  return { app: testApp, ...mongo, ...outbox, ...queue, ...metrics, ...notifications };
}

beforeAll(async () => {
  src = await load();
});
afterEach(async () => {
  await clearMailFaults(inbox);
  await clearMail(inbox);
  await emptyCollections();
});
afterAll(async () => {
  await src.app.stop();
});

async function possibleDuplicates(): Promise<number> {
  const metric = await src.metricsRegistry.getSingleMetric(DUPLICATES)?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

async function createDeliveredOrder(): Promise<{ order: OrderRecord; email: string }> {
  const user = await createUser();
  const order = { ...buildDeliveredOrder(), customerId: user._id };
  await OrderModel.create(order);
  return { order, email: user.email };
}

function promise(event: string, payload: Record<string, unknown>): Promise<void> {
  return src.withTransaction((tx) => src.appendOutbox(tx, [{ event, payload }]));
}

describe('a promised mail', () => {
  it('of a sign-up arrives, and its promise is recorded as kept', async () => {
    const body = { email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' };
    const res = await src.app.request.post('/api/v1/auth/signup').send(body);
    const { user } = res.body as { user: { id: string } };
    const mail = await waitForMail(inbox, { to: body.email });
    expect(mail).toMatchObject({
      subject: 'Welcome to QuickBite',
      messageId: `<welcome-${user.id}@quickbite>`,
      copies: 1,
    });
    await eventually(async () => {
      expect(await src.OutboxModel.findOne({ event: 'user.signed_up' }).lean()).toMatchObject({
        doneBy: ['notifications.welcome'],
        doneAt: expect.any(Date) as unknown,
      });
    });
    expect(await NotificationModel.findById(`welcome-${user.id}`).lean()).toMatchObject({
      status: 'sent',
      attempts: 1,
    });
  });

  it.each([
    ['order.placed', 'order-confirmed', 'Your order QB-7F3K is placed'],
    ['order.delivered', 'receipt', 'Your receipt for order QB-7F3K'],
  ])('of %s is the %s, once, to the customer', async (event, kind, subject) => {
    const { order, email } = await createDeliveredOrder();
    await promise(event, { orderId: order._id, customerId: order.customerId, restaurantId: order.restaurantId });
    const mail = await waitForMail(inbox, { to: email });
    expect(mail).toMatchObject({ subject, messageId: `<${kind}-${order._id}@quickbite>`, to: [email], copies: 1 });
    expect(mail.text).toContain('Total: ₹763.40');
    expect(mail.html).toContain('₹763.40');
    const link = new RegExp(`/api/v1/receipts/${order._id}\\?expires=\\d+&signature=[\\da-f]{64}`);
    expect(link.test(mail.text)).toBe(kind === 'receipt');
  });

  it.each([
    { what: 'the confirmation', event: 'order.placed', kind: 'order-confirmed', status: 'dropped', mails: 0 },
    { what: 'the receipt, a document', event: 'order.delivered', kind: 'receipt', status: 'sent', mails: 1 },
  ])('to who wants no mails about orders: $what of the purchase is $status', async ({ event, kind, status, mails }) => {
    const { order, email } = await createDeliveredOrder();
    await PreferencesModel.create({ _id: order.customerId, ...NO_ORDER_MAILS, updatedAt: order.createdAt });
    await promise(event, { orderId: order._id, customerId: order.customerId, restaurantId: order.restaurantId });
    await eventually(async () => {
      expect(await NotificationModel.findById(`${kind}-${order._id}`).lean()).toMatchObject({ status });
    });
    expect(await listMail(inbox, { to: email })).toHaveLength(mails);
  });

  it('is sent once though its event comes again', async () => {
    const { order, email } = await createDeliveredOrder();
    const message = { orderId: order._id, customerId: order.customerId, restaurantId: order.restaurantId };
    await promise('order.delivered', message);
    await waitForMail(inbox, { to: email });
    await promise('order.delivered', message);
    await eventually(async () => {
      expect(await src.OutboxModel.countDocuments({ doneBy: 'notifications.receipt' })).toBe(2);
    });
    expect(await listMail(inbox, { to: email })).toHaveLength(1);
  });
});

describe('sending', () => {
  it('twenty times at once hands one mail to the server', async () => {
    const { order, email } = await createDeliveredOrder();
    await setMailFaults(inbox, { delayMs: 200 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => src.sendReceipt(order._id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await src.sendReceipt(order._id);
    expect(await listMail(inbox, { to: email })).toMatchObject([{ copies: 1 }]);
    expect(await NotificationModel.find().lean()).toMatchObject([{ status: 'sent', attempts: 1 }]);
  });

  it('to a server that says "later" is tried again and counts as no duplicate', async () => {
    const user = await createUser();
    const before = await possibleDuplicates();
    await setMailFaults(inbox, { refuse: 1 });
    await expect(src.sendWelcome(user._id)).rejects.toMatchObject({ responseCode: 450 });
    expect(await NotificationModel.findById(`welcome-${user._id}`).lean()).toMatchObject({ status: 'refused' });
    await src.sendWelcome(user._id);
    expect(await listMail(inbox, { to: user.email })).toMatchObject([{ copies: 1 }]);
    expect(await NotificationModel.findById(`welcome-${user._id}`).lean()).toMatchObject({
      status: 'sent',
      attempts: 2,
    });
    expect(await possibleDuplicates()).toBe(before);
  });

  it('whose answer is lost is repeated under the same Message-ID, and counted', async () => {
    const user = await createUser();
    const before = await possibleDuplicates();
    await setMailFaults(inbox, { loseAnswers: 1 });
    await expect(src.sendWelcome(user._id)).rejects.toThrow();
    expect(await NotificationModel.findById(`welcome-${user._id}`).lean()).toMatchObject({ status: 'sending' });
    await src.sendWelcome(user._id);
    await src.sendWelcome(user._id);
    const mails = await listMail(inbox, { to: user.email });
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map(({ messageId }) => messageId))).toEqual(new Set([`<welcome-${user._id}@quickbite>`]));
    expect(await possibleDuplicates()).toBe(before + 1);
  });

  it('that a crash cut off is taken up once the claim has run out', async () => {
    const user = await createUser();
    await setMailFaults(inbox, { loseAnswers: 1 });
    await src.sendWelcome(user._id).catch(() => undefined);
    const aMinute = 60_000;
    const until = (offsetMs: number) => new Date(Date.now() + offsetMs);
    await NotificationModel.updateOne({ _id: `welcome-${user._id}` }, { $set: { claimedUntil: until(aMinute) } });
    await expect(src.sendWelcome(user._id)).rejects.toThrow('under way');
    await NotificationModel.updateOne({ _id: `welcome-${user._id}` }, { $set: { claimedUntil: until(-aMinute) } });
    await src.sendWelcome(user._id);
    expect(await NotificationModel.findById(`welcome-${user._id}`).lean()).toMatchObject({
      status: 'sent',
      attempts: 2,
    });
  });

  it('for an order that is gone fails for good', async () => {
    await expect(src.sendReceipt('0'.repeat(24))).rejects.toMatchObject({ code: 'not_found' });
    expect(await NotificationModel.countDocuments()).toBe(0);
  });
});
