import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { REVIEW_INDEXES, ReviewModel, type ReviewRow } from '../../../src/modules/reviews/review.model.ts';
import {
  listAllReviewsRoute,
  moderateReviewRoute,
  type FullReviewBody,
} from '../../../src/modules/reviews/reviews.schema.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createReview } from '../../factories/review.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { explainQueries } from '../../support/watch-commands.ts';
import { ratingOf } from './helpers.ts';

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const HIDE = { isHidden: true, reason: 'Names a private person' };

/** Four and two stars, three in the middle. */
async function rated(): Promise<{ review: ReviewRow; restaurantId: string }> {
  const { _id: restaurantId } = await createRestaurant({ rating: { average: 3, count: 2, sum: 6 } });
  await createReview({ restaurantId, foodStars: 4 });
  return { review: await createReview({ restaurantId, foodStars: 2 }), restaurantId };
}

function moderate({ _id }: Pick<ReviewRow, '_id'>, body: object) {
  return app.request.patch(`/api/v1/admin/reviews/${_id}`).set(admin.headers).send(body);
}

describe('PATCH /admin/reviews/:reviewId', () => {
  it('hides it with a reason, takes its stars out of the average, and is in the audit log', async () => {
    const { review, restaurantId } = await rated();
    const res = await moderate(review, HIDE);
    expect(res.status, res.text).toBe(200);
    expectContract(moderateReviewRoute, res);
    expect(res.body).toMatchObject({ id: review._id, isHidden: true, hiddenReason: HIDE.reason });
    expect(await ratingOf(restaurantId)).toEqual({ average: 4, count: 1, sum: 4 });
    expect(await AuditModel.find({ event: 'review.hidden' }).lean()).toMatchObject([
      { subjectId: review._id, actorId: admin.userId, reason: HIDE.reason, after: { isHidden: true } },
    ]);
  });

  it('shows it again, and puts the stars back', async () => {
    const { review, restaurantId } = await rated();
    await moderate(review, HIDE);
    const res = await moderate(review, { isHidden: false });
    expect(res.body).toMatchObject({ isHidden: false, hiddenReason: null });
    expect(await ratingOf(restaurantId)).toEqual({ average: 3, count: 2, sum: 6 });
    expect(await AuditModel.countDocuments({ event: 'review.shown' })).toBe(1);
  });

  it('of what it already is changes nothing: ten at once count once', async () => {
    const { review, restaurantId } = await rated();
    const answers = await Promise.all(Array.from({ length: 10 }, () => moderate(review, HIDE)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await ratingOf(restaurantId)).toEqual({ average: 4, count: 1, sum: 4 });
    expect(await AuditModel.countDocuments({ event: 'review.hidden' })).toBe(1);
  });

  it('takes away the last one, and the average is none', async () => {
    const { _id: restaurantId } = await createRestaurant({ rating: { average: 5, count: 1, sum: 5 } });
    await moderate(await createReview({ restaurantId }), HIDE);
    expect(await ratingOf(restaurantId)).toEqual({ average: 0, count: 0, sum: 0 });
  });

  it.each([
    ['no reason', { isHidden: true }],
    ['an empty reason', { isHidden: true, reason: ' ' }],
    ['nothing', {}],
    ['other stars', { isHidden: false, foodStars: 5 }],
  ])('with %s is 400', async (_what, body) => {
    const { review, restaurantId } = await rated();
    const res = await moderate(review, body);
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(await ratingOf(restaurantId)).toEqual({ average: 3, count: 2, sum: 6 });
    expect(await ReviewModel.countDocuments({ isHidden: true })).toBe(0);
  });

  it('of no review is 404', async () => {
    expect((await moderate({ _id: newId() }, HIDE)).status).toBe(404);
  });
});

describe('GET /admin/reviews', () => {
  const list = async (query: Record<string, string>): Promise<string[]> => {
    const res = await app.request.get('/api/v1/admin/reviews').set(admin.headers).query(query);
    expect(res.status, res.text).toBe(200);
    expectContract(listAllReviewsRoute, res);
    return (res.body as { data: FullReviewBody[] }).data.map(({ id }) => id);
  };

  it('shows those that are to be seen or those that are hidden, of all or of one restaurant', async () => {
    const restaurantId = newId();
    const at = now();
    const old = await createReview({ restaurantId, createdAt: addMs(at, -2) });
    const young = await createReview({ createdAt: addMs(at, -1) });
    const hidden = await createReview({ restaurantId, isHidden: true, hiddenReason: 'Spam' });
    expect(await list({})).toEqual([young._id, old._id]);
    expect(await list({ restaurantId })).toEqual([old._id]);
    expect(await list({ hidden: 'true' })).toEqual([hidden._id]);
    expect(await list({ hidden: 'true', restaurantId: newId() })).toEqual([]);
  });

  it('reads its page out of an index', async () => {
    for (let index = 0; index < 20; index += 1) await createReview({ createdAt: addMs(now(), -index) });
    const plans = await explainQueries(() => list({ limit: '5' }));
    const [plan] = plans.filter(({ command }) => command === 'find reviews');
    expect(new Set(plan?.indexes)).toEqual(new Set([REVIEW_INDEXES.newest]));
    expect(plan?.docsExamined).toBeLessThanOrEqual(6);
    expect(plan?.stages).not.toContain('SORT');
  });

  it('is for the office', async () => {
    const { headers } = await logInAs({ roles: ['customer', 'restaurant'] });
    expect((await app.request.get('/api/v1/admin/reviews').set(headers)).status).toBe(403);
  });
});
