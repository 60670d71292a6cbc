import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REVIEW_INDEXES } from '../../../src/modules/reviews/review.model.ts';
import { listReviewsRoute, type ReviewBody } from '../../../src/modules/reviews/reviews.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { addMs, dateFrom } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createReview } from '../../factories/review.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const AT = dateFrom('2026-11-20T12:00:00.000Z');

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

interface ReviewPage {
  data: ReviewBody[];
  page: { nextCursor: string | null };
}

async function list(restaurantId: string, query: Record<string, string> = {}): Promise<ReviewPage> {
  const res = await app.request.get(`/api/v1/restaurants/${restaurantId}/reviews`).query(query);
  expect(res.status, res.text).toBe(200);
  expectContract(listReviewsRoute, res);
  return res.body as ReviewPage;
}

describe('GET /restaurants/:restaurantId/reviews', () => {
  it('shows what is not hidden, the newest first, to anybody', async () => {
    const { _id: restaurantId } = await createRestaurant();
    // First and last name with a blank that does not break.
    const { _id: customerId } = await createUser({ name: 'Asha\u00a0Rao' });
    const reply = { text: 'Thanks', at: AT, byUserId: newId() };
    const old = await createReview({ restaurantId, customerId, createdAt: AT, reply });
    const young = await createReview({ restaurantId, customerId, createdAt: addMs(AT, 1) });
    await createReview({ restaurantId, customerId, isHidden: true, hiddenReason: 'Spam' });
    await createReview({ customerId });
    const { data } = await list(restaurantId);
    expect(data.map(({ id }) => id)).toEqual([young._id, old._id]);
    expect(data[1]).toEqual({
      ...{ id: old._id, foodStars: 5, deliveryStars: 4, text: 'Still warm.', reviewerName: 'Asha', pictures: [] },
      ...{ reply: { text: 'Thanks', at: AT.toISOString() }, createdAt: AT.toISOString() },
    });
  });

  it('names nobody whose account is gone', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const { _id: customerId } = await createUser({ name: 'Asha Rao' });
    await createReview({ restaurantId, customerId });
    await UserModel.updateOne({ _id: customerId }, { status: 'deleted', name: 'Deleted account' });
    expect((await list(restaurantId)).data).toMatchObject([{ reviewerName: null, text: 'Still warm.' }]);
  });

  it('goes on where a page ended, also within one instant', async () => {
    const { _id: restaurantId } = await createRestaurant();
    const ids: string[] = [];
    for (const seconds of [3, 2, 2, 2, 1]) {
      const { _id } = await createReview({ restaurantId, createdAt: addMs(AT, seconds * 1000) });
      ids.push(_id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === null ? {} : { cursor }) };
      const { data, page } = await list(restaurantId, query);
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.length).toBe(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect([seen[0], seen[4]]).toEqual([ids[0], ids[4]]);
  });

  it('refuses a cursor of another restaurant', async () => {
    const [here, there] = [await createRestaurant(), await createRestaurant()];
    for (const _ of [1, 2]) await createReview({ restaurantId: here._id });
    const { page } = await list(here._id, { limit: '1' });
    const res = await app.request.get(`/api/v1/restaurants/${there._id}/reviews`).query({ cursor: page.nextCursor });
    expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
  });

  it('is 404 for a restaurant that is not live', async () => {
    const { _id } = await createRestaurant({ status: 'draft' });
    for (const id of [_id, newId()]) {
      expect((await app.request.get(`/api/v1/restaurants/${id}/reviews`)).status).toBe(404);
    }
  });

  describe('by stars', () => {
    /** Of each number of stars two, and of three stars three at one instant. */
    async function rate(restaurantId: string): Promise<void> {
      for (const foodStars of [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]) {
        await createReview({ restaurantId, foodStars, createdAt: addMs(AT, foodStars === 3 ? 0 : foodStars * 1_000) });
      }
      await createReview({ restaurantId, foodStars: 3, createdAt: AT });
      await createReview({ restaurantId, foodStars: 1, isHidden: true, hiddenReason: 'Spam' });
    }

    async function readAll(restaurantId: string, query: Record<string, string>) {
      const seen: ReviewBody[] = [];
      let cursor: string | null = null;
      do {
        const { data, page } = await list(restaurantId, {
          limit: '2',
          ...query,
          ...(cursor === null ? {} : { cursor }),
        });
        seen.push(...data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      return seen.map(({ foodStars }) => foodStars);
    }

    it('shows those of so many alone', async () => {
      const { _id } = await createRestaurant();
      await rate(_id);
      expect(await readAll(_id, { stars: '3' })).toEqual([3, 3, 3]);
      expect(await readAll(_id, { stars: '1', sort: 'highest' })).toEqual([1, 1]);
    });

    it('goes from the most or the fewest on, page by page, each once', async () => {
      const { _id } = await createRestaurant();
      await rate(_id);
      const lowest = [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5];
      expect(await readAll(_id, { sort: 'lowest' })).toEqual(lowest);
      expect(await readAll(_id, { sort: 'highest' })).toEqual(lowest.toReversed());
      expect(await readAll(_id, { sort: 'newest' })).toHaveLength(lowest.length);
    });

    it('shows the newest first among those of as many', async () => {
      const { _id: restaurantId } = await createRestaurant();
      const ids: string[] = [];
      for (const seconds of [1, 3, 2])
        ids.push((await createReview({ restaurantId, createdAt: addMs(AT, seconds) }))._id);
      const { data } = await list(restaurantId, { sort: 'highest' });
      expect(data.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
    });

    it.each([
      [{ stars: '0' }, 'stars'],
      [{ stars: '4.5' }, 'stars'],
      [{ sort: 'oldest' }, 'sort'],
    ])('refuses %j', async (query, key) => {
      const { _id } = await createRestaurant();
      const res = await app.request.get(`/api/v1/restaurants/${_id}/reviews`).query(query).expect(400);
      expect(errorOf(res)).toMatchObject({ code: 'validation_failed', details: [{ path: `query.${key}` }] });
    });

    it('refuses a cursor of another order', async () => {
      const { _id } = await createRestaurant();
      await rate(_id);
      const { page } = await list(_id, { limit: '2', sort: 'lowest' });
      for (const query of [{}, { sort: 'highest' }, { sort: 'lowest', stars: '1' }]) {
        const asked = { ...query, cursor: page.nextCursor };
        await app.request.get(`/api/v1/restaurants/${_id}/reviews`).query(asked).expect(400);
      }
    });

    it('reads each number of stars out of the index, and no more than the page', async () => {
      const { _id } = await createRestaurant();
      for (let round = 0; round < 5; round += 1) await rate(_id);
      const plans = await explainQueries(async () => {
        const { page } = await list(_id, { sort: 'lowest', limit: '8' });
        await list(_id, { sort: 'lowest', limit: '8', cursor: page.nextCursor ?? '' });
        await list(_id, { stars: '2', limit: '8' });
      });
      const ours = plans.filter(({ command }) => command === 'find reviews');
      expect(ours).toHaveLength(4);
      for (const { indexes, stages, docsExamined } of ours) {
        expect(new Set(indexes)).toEqual(new Set([REVIEW_INDEXES.byStars]));
        expect(stages).not.toContain('SORT');
        expect(docsExamined).toBeLessThanOrEqual(10);
      }
    });
  });

  it('reads its page out of the index, on the first page and after it', async () => {
    const { _id: restaurantId } = await createRestaurant();
    for (let index = 0; index < 30; index += 1) {
      await createReview({ restaurantId, createdAt: addMs(AT, index), isHidden: index % 3 === 0 });
      await createReview({ createdAt: addMs(AT, index) });
    }
    const { page } = await list(restaurantId, { limit: '5' });
    const plans = await explainQueries(async () => {
      await list(restaurantId, { limit: '5' });
      await list(restaurantId, { limit: '5', cursor: page.nextCursor ?? '' });
    });
    const ours = plans.filter(({ command }) => command === 'find reviews');
    expect(ours).toHaveLength(2);
    for (const { indexes, stages, docsExamined } of ours) {
      expect(new Set(indexes)).toEqual(new Set([REVIEW_INDEXES.ofRestaurant]));
      expect(stages).not.toContain('SORT');
      expect(docsExamined).toBeLessThanOrEqual(7);
    }
    expect(plans.flatMap(({ stages }) => stages)).not.toContain('COLLSCAN');
  });
});
