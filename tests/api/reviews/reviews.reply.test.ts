import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReviewModel, type ReviewRow } from '../../../src/modules/reviews/review.model.ts';
import { replyToReviewRoute } from '../../../src/modules/reviews/reviews.schema.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createReview } from '../../factories/review.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

async function reviewed(changes: Partial<ReviewRow> = {}): Promise<{ review: ReviewRow; owner: Login }> {
  const owner = await logInAs({ roles: ['restaurant'] });
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
  return { review: await createReview({ restaurantId, ...changes }), owner };
}

function reply({ _id }: ReviewRow, { headers }: Login, text = 'Thank you!') {
  return app.request.post(`/api/v1/reviews/${_id}/reply`).set(headers).send({ text });
}

async function storedReply({ _id }: ReviewRow) {
  return (await ReviewModel.findById(_id).lean<ReviewRow>())?.reply ?? null;
}

describe('POST /reviews/:reviewId/reply', () => {
  it('by the owner stands under the review', async () => {
    const { review, owner } = await reviewed();
    const res = await reply(review, owner);
    expect(res.status, res.text).toBe(200);
    expectContract(replyToReviewRoute, res);
    expect(res.body).toMatchObject({ id: review._id, reply: { text: 'Thank you!' } });
    expect(await storedReply(review)).toMatchObject({ text: 'Thank you!', byUserId: owner.userId });
  });

  it('is there once: of ten at once one is taken, and no later one', async () => {
    const { review, owner } = await reviewed();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => reply(review, owner, `word ${index}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    const kept = await storedReply(review);
    const again = await reply(review, owner);
    expect([again.status, errorOf(again).code]).toEqual([409, 'already_exists']);
    expect(await storedReply(review)).toEqual(kept);
  });

  it('is for owner and manager, not for the kitchen, and not for another restaurant', async () => {
    const { review } = await reviewed();
    const { restaurantId } = review;
    const [kitchen, manager, other] = [await staff(), await staff(), await staff()];
    await createMember({ restaurantId, userId: kitchen.userId, role: 'kitchen' });
    await createMember({ restaurantId, userId: manager.userId, role: 'manager' });
    expect((await reply(review, kitchen)).status).toBe(403);
    expect((await reply(review, other)).status).toBe(404);
    expect(await storedReply(review)).toBeNull();
    expect((await reply(review, manager)).status).toBe(200);
  });

  it('to a hidden review is 404', async () => {
    const { review, owner } = await reviewed({ isHidden: true, hiddenReason: 'Spam' });
    expect((await reply(review, owner)).status).toBe(404);
  });

  it.each(['', ' ', 'x'.repeat(1_001), 'two\nlines'])('of %j is 400', async (text) => {
    const { review, owner } = await reviewed();
    expect((await reply(review, owner, text)).status).toBe(400);
    expect(await storedReply(review)).toBeNull();
  });
});

function staff(): Promise<Login> {
  return logInAs({ roles: ['restaurant'] });
}
