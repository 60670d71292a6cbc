import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';
import { getOrderReviewRoute, reviewOrderRoute } from '../../../src/modules/reviews/reviews.schema.ts';
import { RestaurantModel } from '../../../src/modules/restaurants/restaurant.model.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { createMember } from '../../factories/staff.ts';
import { createReview } from '../../factories/review.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { ratingOf, serve, type Meal } from './helpers.ts';

const DAY_MS = 86_400_000;
const BODY = { foodStars: 4, deliveryStars: 5, text: '  Still warm.  ' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function put({ order, customer }: Pick<Meal, 'order' | 'customer'>, body: object = BODY) {
  return app.request.put(`/api/v1/orders/${order._id}/review`).set(customer.headers).send(body);
}

describe('PUT /orders/:orderId/review', () => {
  it('of a delivered order, by its customer, stores stars and text and counts the food in the average', async () => {
    const meal = await serve();
    const before = await RestaurantModel.findById(meal.order.restaurantId).lean();
    const res = await put(meal);
    expect(res.status, res.text).toBe(201);
    expectContract(reviewOrderRoute, res);
    const { _id: orderId, restaurantId, customerId } = meal.order;
    const told = { orderId, restaurantId, customerId, foodStars: 4, deliveryStars: 5, text: 'Still warm.' };
    expect(res.body).toMatchObject({ ...told, reviewerName: 'Asha', reply: null, isHidden: false });
    expect(res.headers['location']).toBe(`/api/v1/orders/${orderId}/review`);
    expect(await ReviewModel.findOne({ orderId }).lean()).toMatchObject(told);
    expect(await ratingOf(restaurantId)).toEqual({ average: 4, count: 1, sum: 4 });
    const after = await RestaurantModel.findById(restaurantId).lean();
    expect(after?.version).toBe(before?.version);
    const promised = await OutboxModel.findOne({ event: 'review.posted' }).lean();
    expect(promised?.payload).toEqual({ reviewId: (res.body as { id: string }).id, orderId, restaurantId });
  });

  it('of a collected order takes stars for the food alone', async () => {
    const meal = await serve('collected');
    const refused = await put(meal);
    expect([refused.status, errorOf(refused).code]).toEqual([400, 'validation_failed']);
    expect(errorOf(refused).details).toMatchObject([{ path: 'deliveryStars' }]);
    expect((await put(meal, { foodStars: 3 })).body).toMatchObject({ foodStars: 3, deliveryStars: null, text: null });
  });

  it('a second time is 409, and nothing changes', async () => {
    const meal = await serve();
    await put(meal);
    const res = await put(meal, { foodStars: 1 });
    expect([res.status, errorOf(res).code]).toEqual([409, 'already_reviewed']);
    expect(await ReviewModel.countDocuments()).toBe(1);
    expect(await ratingOf(meal.order.restaurantId)).toEqual({ average: 4, count: 1, sum: 4 });
  });

  it.each(['placed', 'ready', 'picked_up', 'cancelled', 'rejected', 'no_show', 'failed'] as const)(
    'of an order that is %s is 422',
    async (status) => {
      const meal = await serve(status);
      const res = await put(meal);
      expect([res.status, errorOf(res).code]).toEqual([422, 'order_not_delivered']);
      expect(await ReviewModel.countDocuments()).toBe(0);
      expect(await ratingOf(meal.order.restaurantId)).toEqual({ average: 0, count: 0, sum: 0 });
    },
  );

  it('is taken on the thirtieth day and not after it', async () => {
    const [early, late] = [await serve(), await serve()];
    const endedBefore = (ms: number, { order }: Meal) =>
      OrderModel.updateOne({ _id: order._id }, { endedAt: addMs(now(), -ms) });
    await endedBefore(30 * DAY_MS - 60_000, early);
    await endedBefore(30 * DAY_MS + 1_000, late);
    expect((await put(early)).status).toBe(201);
    const res = await put(late);
    expect([res.status, errorOf(res).code]).toEqual([422, 'review_too_late']);
  });

  it('by anybody else is 404, as for an order that does not exist', async () => {
    const meal = await serve();
    const stranger = await logInAs();
    const owner = await put({ order: meal.order, customer: meal.owner });
    const other = await put({ order: meal.order, customer: stranger });
    expect([owner.status, other.status]).toEqual([404, 404]);
    expect(await ReviewModel.countDocuments()).toBe(0);
  });

  it('of the restaurant where one works oneself is refused, to owner and staff', async () => {
    const meal = await serve();
    const { restaurantId } = meal.order;
    await createMember({ restaurantId, userId: meal.customer.userId, role: 'kitchen' });
    const own = await serve();
    await RestaurantModel.updateOne({ _id: own.order.restaurantId }, { ownerId: own.customer.userId });
    for (const each of [meal, own]) {
      const res = await put(each);
      expect([res.status, errorOf(res).code]).toEqual([403, 'forbidden']);
    }
    expect(await ReviewModel.countDocuments()).toBe(0);
  });

  it.each([
    ['no stars', {}],
    ['no star', { foodStars: 0 }],
    ['six stars', { foodStars: 6 }],
    ['half a star', { foodStars: 4.5 }],
    ['stars as text', { foodStars: '5' }],
    ['an empty text', { foodStars: 5, text: '  ' }],
    ['1,001 letters', { foodStars: 5, text: 'x'.repeat(1_001) }],
    ['a line break', { foodStars: 5, text: 'good\r\nBcc: all@example.com' }],
    ['a character that turns the text around', { foodStars: 5, text: 'good \u202e' }],
    ['an average of its own', { foodStars: 5, rating: 5 }],
    ['a reply of its own', { foodStars: 5, reply: { text: 'Thanks!' } }],
  ])('with %s is 400, and nothing is stored', async (_what, body) => {
    const res = await put(await serve(), body);
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(await ReviewModel.countDocuments()).toBe(0);
  });
});

describe('GET /orders/:orderId/review', () => {
  const get = ({ order, customer }: Pick<Meal, 'order' | 'customer'>) =>
    app.request.get(`/api/v1/orders/${order._id}/review`).set(customer.headers);

  it('shows the customer what was said, hidden or not', async () => {
    const meal = await serve();
    const { _id: orderId, restaurantId, customerId } = meal.order;
    expect((await get(meal)).status).toBe(404);
    await createReview({ orderId, restaurantId, customerId, isHidden: true, hiddenReason: 'Names a person' });
    const res = await get(meal);
    expectContract(getOrderReviewRoute, res);
    expect(res.body).toMatchObject({ orderId, isHidden: true });
    // A note of the office.
    expect(res.text).not.toContain('Names a person');
  });

  it('is 404 for everybody else', async () => {
    const meal = await serve();
    const { _id: orderId, restaurantId, customerId } = meal.order;
    await createReview({ orderId, restaurantId, customerId });
    expect((await get({ order: meal.order, customer: meal.owner })).status).toBe(404);
  });
});
