import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { clearMail, listMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from '../local-cloud/support.ts';
import { emptyCollections } from '../setup/empty-collections.ts';

let cloud: RunningCloud;
/** Loaded once the mail server's address is in the environment, which the configuration reads at its first import. */
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, helpers, reviews, mails, notifications, preferences] = await Promise.all([
    import('../support/app.ts'),
    import('../api/reviews/helpers.ts'),
    import('../factories/review.ts'),
    import('../../src/modules/notifications/review-mail.service.ts'),
    import('../../src/modules/notifications/notification.model.ts'),
    import('../../src/modules/users/index.ts'),
  ]);
  const running = await app.startTestApp({ withWorker: true });
  return { ...helpers, ...reviews, ...mails, ...notifications, ...preferences, app: running };
}

beforeAll(async () => {
  cloud = await startCloud();
  vi.stubEnv('SMTP_URL', cloud.cloud.smtpUrl);
  src = await load();
});
afterEach(async () => {
  await clearMail(cloud.cloud.inboxUrl);
  await emptyCollections();
});
afterAll(async () => {
  await src.app.stop();
  await cloud.stop();
  vi.unstubAllEnvs();
});

type Meal = Awaited<ReturnType<typeof src.serve>>;

async function review({ order, customer }: Meal, body: { foodStars: number; text?: string }): Promise<string> {
  const path = `/api/v1/orders/${order._id}/review`;
  const res = await src.app.request.put(path).set(customer.headers).send(body).expect(201);
  return (res.body as { id: string }).id;
}

async function reply({ owner }: Meal, reviewId: string, text: string): Promise<void> {
  await src.app.request.post(`/api/v1/reviews/${reviewId}/reply`).set(owner.headers).send({ text }).expect(200);
}

function noteOf(id: string) {
  return src.NotificationModel.findById(id).lean();
}

describe('a review', () => {
  it('of two stars is mailed to the owner, its text shown as text', async () => {
    const meal = await src.serve();
    await review(meal, { foodStars: 2, text: 'Cold. <b>Never</b> again' });
    const mail = await waitForMail(cloud.cloud.inboxUrl, { to: meal.owner.user.email });
    expect(mail.subject).toBe(`${meal.order.restaurant.name}: a review of 2 stars`);
    expect(mail.text).toContain('They write: Cold. <b>Never</b> again');
    expect(mail.text).toContain(`/console/restaurants/${meal.order.restaurantId}`);
    expect(mail.html).not.toContain('<b>Never</b>');
  });

  it('of three stars is mailed to nobody', async () => {
    const { _id: reviewId } = await src.createReview({ foodStars: 3 });
    await src.sendBadReview({ reviewId });
    expect(await noteOf(`review-bad-${reviewId}`)).toBeNull();
  });

  it('that was answered by the time the mail is due is not mailed', async () => {
    const meal = await src.serve();
    const { restaurantId } = meal.order;
    const answer = { text: 'Sorry!', at: meal.order.createdAt, byUserId: meal.owner.userId };
    const { _id: reviewId } = await src.createReview({ restaurantId, foodStars: 1, reply: answer });
    await src.sendBadReview({ reviewId });
    expect(await noteOf(`review-bad-${reviewId}`)).toMatchObject({ status: 'dropped' });
  });
});

describe('the restaurant’s answer', () => {
  it('is mailed to who wrote the review, once', async () => {
    const meal = await src.serve();
    const reviewId = await review(meal, { foodStars: 5 });
    await reply(meal, reviewId, 'Come again & <i>soon</i>');
    await reply(meal, reviewId, 'Come again & <i>soon</i>');
    const subject = `${meal.order.restaurant.name} has answered your review`;
    const asked = { to: meal.customer.user.email, subject };
    const mail = await waitForMail(cloud.cloud.inboxUrl, asked);
    expect(mail.text).toContain('Come again & <i>soon</i>');
    expect(mail.text).toContain(`/orders/${meal.order._id}`);
    expect(mail.html).not.toContain('<i>soon</i>');
    await src.sendReviewAnswer({ reviewId });
    expect(await listMail(cloud.cloud.inboxUrl, asked)).toHaveLength(1);
  });

  it('is not mailed to who wants no mails about orders, nor once the review is hidden', async () => {
    const meal = await src.serve();
    const { channels, ...others } = await src.getPreferences(meal.customer.userId);
    const orderUpdates = { ...channels.orderUpdates, email: false };
    await src.app.request
      .put('/api/v1/me/preferences')
      .set(meal.customer.headers)
      .send({ ...others, channels: { ...channels, orderUpdates } })
      .expect(200);
    const by = { restaurantId: meal.order.restaurantId, customerId: meal.customer.userId };
    const answer = { text: 'Sorry!', at: meal.order.createdAt, byUserId: meal.owner.userId };
    const { _id: unwanted } = await src.createReview({ ...by, reply: answer });
    const { _id: hidden } = await src.createReview({ ...by, reply: answer, isHidden: true, hiddenReason: 'Spam' });
    for (const reviewId of [unwanted, hidden]) {
      await src.sendReviewAnswer({ reviewId });
      expect(await noteOf(`review-answered-${reviewId}`)).toMatchObject({ status: 'dropped' });
    }
  });
});
