import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { clearMail, listMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from '../local-cloud/support.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { eventually } from '../support/eventually.ts';

let cloud: RunningCloud;
/** Loaded once the mail server's address is in the environment, which the configuration reads at its first import. */
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, helpers, mails, amendments, delay, preferences] = await Promise.all([
    import('../support/app.ts'),
    import('../api/orders/helpers.ts'),
    import('../../src/modules/notifications/order-news-mail.service.ts'),
    import('../../src/modules/orders/amendments/amendments.service.ts'),
    import('../../src/modules/orders/delay/delay.service.ts'),
    import('../../src/modules/users/index.ts'),
  ]);
  const orders = await import('../factories/order.ts');
  const dishes = await import('../factories/two-dishes.ts');
  const [ends, service, checkout, rows, clock, ids, log, mongo] = await Promise.all([
    import('../../src/modules/notifications/order-end-mail.service.ts'),
    import('../../src/modules/orders/orders.service.ts'),
    import('../support/checkout.ts'),
    import('../../src/modules/orders/order.model.ts'),
    import('../../src/shared/clock.ts'),
    import('../../src/shared/ids.ts'),
    import('../../src/modules/orders/order-log.service.ts'),
    import('../../src/infra/mongo/index.ts'),
  ]);
  const running = await app.startTestApp({ withWorker: true });
  return {
    ...helpers,
    ...mails,
    ...amendments,
    ...delay,
    ...preferences,
    ...orders,
    ...dishes,
    ...ends,
    ...service,
    ...checkout,
    ...rows,
    ...clock,
    ...ids,
    ...log,
    ...mongo,
    app: running,
  };
}

beforeAll(async () => {
  cloud = await startCloud();
  vi.stubEnv('SMTP_URL', cloud.cloud.smtpUrl);
  src = await load();
  // The whole of src is loaded in here.
}, 120_000);
afterEach(async () => {
  await clearMail(cloud.cloud.inboxUrl);
  await emptyCollections();
});
afterAll(async () => {
  await src.app.stop();
  await cloud.stop();
  vi.unstubAllEnvs();
});

describe('a customer', () => {
  it('hears by mail that the food takes longer, once, with the time as it now is', async () => {
    const { customer, order } = await src.sceneOf('accepted');
    await src.delayOrder({ orderId: order._id, prepMinutes: 45 }, src.ownerActor(order));
    const late = { to: customer.user.email, subject: `Your order ${order.number} is late` };
    const mail = await waitForMail(cloud.cloud.inboxUrl, late);
    expect(mail.text).toMatch(/now expected at \d\d:\d\d\./);
    await eventually(() => src.sendOrderDelayed({ orderId: order._id, seq: order.eventSeq + 1 }));
    expect(await listMail(cloud.cloud.inboxUrl, late)).toMatchObject([{ copies: 1 }]);
  });

  it('is asked by mail about a change, and not once it is settled', async () => {
    const { customer, order } = await src.sceneOf('accepted', src.twoDishes());
    const changes = [{ kind: 'remove' as const, lineId: src.SOUP, isSoldOut: false }];
    await src.proposeAmendment({ orderId: order._id, changes, note: 'The pot is empty' }, src.ownerActor(order));
    const subject = `Your order ${order.number}: the restaurant asks you something`;
    const mail = await waitForMail(cloud.cloud.inboxUrl, { to: customer.user.email, subject });
    expect(mail.text).toMatch(/Please answer by \d+ \w{3,4} \d{4}, \d\d:\d\d GMT\+5:30\./);
    for (const said of [
      ...['- 2 x Soup: left out', 'The kitchen says: The pot is empty'],
      'If you accept, the total is ₹77.50 instead of ₹287.50.',
      'what you chose when you ordered:\nwhat has run out is left out; the total is ₹77.50 instead of ₹287.50.',
    ])
      expect(mail.text).toContain(said);
  });

  it('gets neither who wants no mails about orders, nor once there is nothing to wait for', async () => {
    const { customer, order } = await src.sceneOf('cancelled');
    await src.sendOrderDelayed({ orderId: order._id, seq: 3 });
    const { order: open } = await src.sceneOf('accepted', { customerId: customer.userId });
    const { channels, ...others } = await src.getPreferences(customer.userId);
    const orderUpdates = { ...channels.orderUpdates, email: false };
    await src.app.request
      .put('/api/v1/me/preferences')
      .set(customer.headers)
      .send({ ...others, channels: { ...channels, orderUpdates } })
      .expect(200);
    await src.sendOrderDelayed({ orderId: open._id, seq: 4 });
    const mails = await listMail(cloud.cloud.inboxUrl);
    expect(mails.filter(({ subject }) => subject.endsWith('is late'))).toEqual([]);
  });
});

describe('a customer who collects', () => {
  const collected = { mode: 'collection', deliveryAddress: null, distanceMeters: 0 } as const;

  it('hears by mail that the food is ready, where and until when, once, and not with the code', async () => {
    const { customer, order } = await src.sceneOf('ready', collected);
    const ready = { to: customer.user.email, subject: `Your order ${order.number} is ready to collect` };
    const mail = await waitForMail(cloud.cloud.inboxUrl, ready);
    expect(mail.text).toMatch(/kept for you until \d\d:\d\d\./);
    expect(mail.text).toContain(order.restaurant.addressLine);
    const stored = await src.getStoredOrder(order._id);
    expect(stored.collectionCode).toMatch(/^\d{6}$/);
    expect(mail.text + mail.html).not.toContain(stored.collectionCode);
    await eventually(() => src.sendOrderReady({ orderId: order._id }));
    expect(await listMail(cloud.cloud.inboxUrl, ready)).toMatchObject([{ copies: 1 }]);
  });

  it('hears nothing where the food is brought, or was collected before', async () => {
    const { order } = await src.sceneOf('ready');
    await src.sendOrderReady({ orderId: order._id });
    const { order: gone } = await src.sceneOf('cancelled', collected);
    await src.sendOrderReady({ orderId: gone._id });
    const mails = await listMail(cloud.cloud.inboxUrl);
    expect(mails.filter(({ subject }) => subject.endsWith('is ready to collect'))).toEqual([]);
  });
});

describe('a customer whose order comes to nothing', () => {
  it('hears by mail that it was refused, that nothing is charged, and who else cooks', async () => {
    const { customer, order } = await src.sceneOf('placed');
    const idempotency = src.placing(order.ownerId);
    const soldOutLineIds = [order.items[0]?.lineId ?? ''];
    const refusal = { orderId: order._id, reason: 'item_sold_out', soldOutLineIds };
    await src.rejectOrder({ ...refusal, idempotency }, src.ownerActor(order));
    const refused = { to: customer.user.email, subject: `Your order ${order.number} was refused` };
    const mail = await waitForMail(cloud.cloud.inboxUrl, refused);
    expect(mail.text).toContain(`This has run out: ${order.items[0]?.name ?? ''}.`);
    expect(mail.text).toContain(
      'You are charged nothing: ₹112.00, which your card has paid or holds for it, is given back.',
    );
    expect(mail.text).toMatch(/Others near you are cooking now: \S+\/restaurants/);
    // Until the job that has sent it has said so.
    await eventually(() => src.sendOrderEnded({ orderId: order._id }));
    expect(await listMail(cloud.cloud.inboxUrl, refused)).toMatchObject([{ copies: 1 }]);
  });

  it('hears what a late cancellation costs', async () => {
    const { customer, order } = await src.sceneOf('cancelled');
    await src.OrderModel.updateOne({ _id: order._id }, { amountDueMinor: 1_234 });
    await src.sendOrderEnded({ orderId: order._id });
    const subject = `Your order ${order.number} is cancelled`;
    const mail = await waitForMail(cloud.cloud.inboxUrl, { to: customer.user.email, subject });
    expect(mail.text).toContain('You are charged ₹12.34 of it, and nothing else.');
    expect(mail.text).not.toContain('Others near you');
  });

  it('is asked to pay again while there is time, and not later', async () => {
    const { customer, order } = await src.sceneOf('accepted');
    await src.sendPayAgain({ orderId: order._id, seq: 3 });
    await src.OrderModel.updateOne({ _id: order._id }, { payAgainUntil: src.secondsFromNow(180) });
    await src.sendPayAgain({ orderId: order._id, seq: 4 });
    const mails = await listMail(cloud.cloud.inboxUrl, { to: customer.user.email });
    expect(mails.filter(({ subject }) => / please pay again by \d\d:\d\d$/.test(subject))).toHaveLength(1);
  });

  it('hears of money that support gives back, and not twice of what an end gave back', async () => {
    const { customer, order } = await src.sceneOf('delivered');
    for (const cause of ['settlement', 'support']) {
      const data = { refundId: src.newId(), amountMinor: 5_000, cause };
      const told = await src.withTransaction((tx) =>
        src.appendOrderEvent(tx, {
          ...{
            orderId: order._id,
            type: 'payment.refunded',
            actor: { role: 'system', id: null },
            data,
            where: {},
            set: {},
          },
        }),
      );
      await src.sendRefunded({ orderId: order._id, seq: told?.eventSeq ?? 0 });
    }
    const mails = await listMail(cloud.cloud.inboxUrl, { to: customer.user.email });
    expect(mails.filter(({ subject }) => subject.endsWith('is on its way back'))).toMatchObject([
      { subject: `₹50.00 of your order ${order.number} is on its way back`, copies: 1 },
    ]);
  });
});

describe('a customer who tips the courier', () => {
  it('hears by mail what was taken, and what of it goes back, once each', async () => {
    const { customer, order } = await src.sceneOf('delivered');
    for (const [type, amountMinor] of [
      ['order.tipped', 5_000],
      ['order.tip_refunded', 2_000],
    ] as const) {
      await src.withTransaction((tx) =>
        src.recordTip(tx, { orderId: order._id, type, amountMinor, tippedMinor: 5_000, currency: 'INR' }),
      );
    }
    const to = customer.user.email;
    const given = await waitForMail(cloud.cloud.inboxUrl, {
      ...{ to, subject: `₹50.00 for the courier of your order ${order.number}` },
    });
    expect(given.text).toContain('₹50.00 was taken from your card for the courier.');
    const back = { to, subject: `₹20.00 of your tip is on its way back: order ${order.number}` };
    expect((await waitForMail(cloud.cloud.inboxUrl, back)).text).toContain('₹20.00 of what you gave the courier');
    await eventually(() => src.sendTip({ orderId: order._id, seq: order.eventSeq + 2 }));
    expect(await listMail(cloud.cloud.inboxUrl, back)).toMatchObject([{ copies: 1 }]);
  });
});
