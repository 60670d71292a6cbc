import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ImageModel } from '../../../src/modules/images/image.model.ts';
import { showPicture } from '../../../src/modules/images/show-picture.service.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildPicture, createImage } from '../../factories/image.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { ratingOf, serve, type Meal } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function put({ order, customer }: Meal, imageIds: string[]) {
  return app.request.put(`/api/v1/orders/${order._id}/review`).set(customer.headers).send({ foodStars: 5, imageIds });
}

async function shown({ order, customer }: Meal): Promise<string[]> {
  const res = await app.request.get(`/api/v1/orders/${order._id}/review`).set(customer.headers);
  return (res.body as { pictures: { imageId: string }[] }).pictures.map(({ imageId }) => imageId);
}

async function upload(ownerId: string, changes: object = {}): Promise<string> {
  const _id = newId();
  await createImage({ _id, ownerId, purpose: 'review', status: 'ready', picture: buildPicture(_id), ...changes });
  return _id;
}

describe('the pictures of a review', () => {
  it('are shown in the order of their author, those on their way once they are ready, and no more once gone', async () => {
    const meal = await serve();
    const { userId } = meal.customer;
    const late = await upload(userId, { status: 'pending', picture: null });
    const early = await upload(userId);
    expect((await put(meal, [late, early])).status).toBe(201);
    expect(await shown(meal)).toEqual([early]);
    await ImageModel.collection.updateOne(
      { _id: late as never },
      { $set: { status: 'ready', picture: buildPicture(late) } },
    );
    await showPicture(late);
    await showPicture(late);
    expect(await shown(meal)).toEqual([late, early]);
    await ImageModel.collection.updateOne({ _id: early as never }, { $set: { status: 'removed' } });
    await showPicture(early);
    expect(await shown(meal)).toEqual([late]);
    expect((await ReviewModel.findOne().lean())?.imageIds).toEqual([late]);
  });

  it('must be one’s own, for a review, and in no other use; else nothing is written', async () => {
    const meal = await serve();
    const stranger = await logInAs();
    const own = meal.customer.userId;
    const foreign = await put(meal, [await upload(own), await upload(stranger.userId)]);
    expect([foreign.status, errorOf(foreign)]).toMatchObject([
      404,
      { code: 'image_not_found', details: [{ path: 'imageIds.1' }] },
    ]);
    const attachedTo = { kind: 'review' as const, id: newId() };
    for (const changes of [{ purpose: 'dish' }, { status: 'failed' }, { attachedTo }]) {
      const res = await put(meal, [await upload(own, changes)]);
      expect([res.status, errorOf(res).code]).toEqual([422, 'image_unusable']);
    }
    const id = await upload(own);
    for (const imageIds of [[id, id], [id, newId(), newId(), newId()], ['x']]) {
      expect((await put(meal, imageIds)).status).toBe(400);
    }
    expect(await ReviewModel.countDocuments()).toBe(0);
    expect(await ImageModel.countDocuments({ 'attachedTo.id': attachedTo.id })).toBe(1);
    expect(await ratingOf(meal.order.restaurantId)).toEqual({ average: 0, count: 0, sum: 0 });
  });
});
