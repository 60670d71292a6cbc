import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearSmsFaults, listMail, listSms, setSmsFaults } from '../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../src/bootstrap.ts';
import { config } from '../../src/config/index.ts';
import { shutdown } from '../../src/infra/lifecycle/index.ts';
import { metricsRegistry } from '../../src/infra/observability/metrics.ts';
import { remindToAccept, reportOverdue } from '../../src/modules/notifications/kitchen-news.service.ts';
import { alertAboutOrder, reportPaused } from '../../src/modules/notifications/operations-alerts.service.ts';
import { sendReviewInvitation } from '../../src/modules/notifications/order-news-mail.service.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now } from '../../src/shared/clock.ts';
import { createOrderIn } from '../factories/order.ts';
import { createUser } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  await clearSmsFaults(localCloud.twilioUrl);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const opsMails = async (orderNumber: string) =>
  (await listMail(localCloud.inboxUrl, { to: config.operations.email })).filter(({ subject }) =>
    subject.includes(orderNumber),
  );
const texts = async (orderNumber: string) => await listSms(localCloud.twilioUrl, { body: orderNumber });

describe('the steps of the ladder', () => {
  it('sms: one text to the restaurant, however often the job comes', async () => {
    const { _id: orderId, number } = await createOrderIn('placed');
    await remindToAccept({ orderId, seq: 3, step: 'sms' });
    await remindToAccept({ orderId, seq: 3, step: 'sms' });
    expect(await texts(number)).toMatchObject([{ to: '+12015550100' }]);
  });

  it('sms: a provider that was away is tried again, and has sent one', async () => {
    const { _id: orderId, number } = await createOrderIn('placed');
    await setSmsFaults(localCloud.twilioUrl, { kind: 'fail_before', times: 1 });
    await expect(remindToAccept({ orderId, seq: 3, step: 'sms' })).rejects.toThrow();
    await remindToAccept({ orderId, seq: 3, step: 'sms' });
    expect(await texts(number)).toHaveLength(1);
  });

  it('alert: one mail to operations, one count', async () => {
    const { _id: orderId, number } = await createOrderIn('placed');
    await remindToAccept({ orderId, seq: 4, step: 'alert' });
    await remindToAccept({ orderId, seq: 4, step: 'alert' });
    const mails = await opsMails(number);
    expect(mails).toMatchObject([{ copies: 1 }]);
    expect(mails[0]?.text).toContain('has not been answered');
    const metric = await metricsRegistry.getSingleMetricAsString('quickbite_ops_alerts_total');
    expect(metric).toContain('quickbite_ops_alerts_total{kind="order_unanswered"} 1');
  });

  it('an order that was answered meanwhile: nobody hears of it', async () => {
    const { _id: orderId, number } = await createOrderIn('accepted');
    for (const step of ['push', 'sms', 'alert'] as const) await remindToAccept({ orderId, seq: 3, step });
    expect([await opsMails(number), await texts(number)]).toEqual([[], []]);
  });
});

it('food that is long overdue: operations hear of it, and the customer gets the new time', async () => {
  const user = await createUser({ email: 'hungry@example.com' });
  const { _id: orderId, number } = await createOrderIn('preparing', { customerId: user._id });
  await reportOverdue({ orderId, seq: 7, step: 'alert' });
  expect(await opsMails(number)).toHaveLength(1);
  const mails = await listMail(localCloud.inboxUrl, { to: 'hungry@example.com' });
  expect(mails.map(({ subject }) => subject)).toEqual([`Your order ${number} is late`]);
});

it('a delivery that stalls: operations hear of it, once for each time', async () => {
  const { _id: orderId, number } = await createOrderIn('accepted');
  for (const seq of [5, 5, 9]) await alertAboutOrder({ orderId, seq, kind: 'delivery_stalled' });
  expect(await opsMails(number)).toHaveLength(2);
});

it('a restaurant that was paused: its owner and operations hear of it', async () => {
  const owner = await createUser({ email: 'kitchen@example.com' });
  const { restaurantId } = await createOrderIn('placed', { ownerId: owner._id });
  await RestaurantModel.updateOne({ _id: restaurantId }, { pausedUntil: addMs(now(), 3_600_000) });
  await reportPaused({ restaurantId, version: 2 });
  await reportPaused({ restaurantId, version: 2 });
  const mails = await listMail(localCloud.inboxUrl, { to: 'kitchen@example.com' });
  expect(mails.map(({ text }) => text.includes('did not answer three orders'))).toEqual([true]);
});

it('T9: one invitation to review', async () => {
  const customer = await createUser({ email: 'fed@example.com' });
  const { _id: orderId } = await createOrderIn('delivered', { customerId: customer._id });
  await sendReviewInvitation({ orderId });
  await sendReviewInvitation({ orderId });
  const mails = await listMail(localCloud.inboxUrl, { to: 'fed@example.com' });
  expect(mails.map(({ subject, copies }) => [subject, copies])).toEqual([['How was Pepper House?', 1]]);
});
