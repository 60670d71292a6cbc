import '../../setup/without-rate-limits.ts';
import { localCloud } from '../../setup/with-local-cloud.ts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearCloudAssets, listCloudAssets, setCloudCallbacks } from '../../../scripts/local-cloud/control-client.ts';
import { deliveries } from '../../../src/modules/deliveries/delivery.model.ts';
import { images } from '../../../src/modules/images/image.model.ts';
import type { ImageBody } from '../../../src/modules/images/images.schema.ts';
import { showPicture } from '../../../src/modules/images/show-picture.service.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Picture } from '../../../src/shared/picture.ts';
import { createDeliveryAtDropoff } from '../../factories/delivery.ts';
import { createImage } from '../../factories/image.ts';
import { createCategory, createMenuItem } from '../../factories/menu-item.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { imagesOf } from '../../support/images.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { jpegWithGps } from '../../support/pictures.ts';
import { sendFile } from '../../support/uploads.ts';
import { withParties } from '../../api/deliveries/parties.ts';

const { cloudinaryUrl } = localCloud;
let app: TestApp;
let login: Login;
let jpeg: Buffer;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  await setCloudCallbacks(cloudinaryUrl, { drop: true });
  jpeg = await jpegWithGps();
});
beforeEach(async () => {
  login = await logInAs({ roles: ['customer', 'restaurant'] });
});
afterEach(async () => {
  await emptyCollections();
  await clearCloudAssets(cloudinaryUrl);
});
afterAll(() => app.stop());

interface Shown {
  imageUrl: string | null;
  picture?: Picture | null;
}

async function upload(purpose: string, who = login): Promise<string> {
  const res = await sendFile(app, who, { bytes: jpeg, purpose });
  expect(res.status, res.text).toBe(202);
  return (res.body as ImageBody).id;
}

async function put(path: string, imageId: string, { headers } = login): Promise<void> {
  const res = await app.request.put(`/api/v1${path}`).set(headers).send({ imageId });
  expect(res.status, res.text).toBe(200);
  expect(res.body).toMatchObject({ imageId });
}

async function namesInCloud(): Promise<string[]> {
  const assets = await listCloudAssets(cloudinaryUrl);
  return assets.map(({ type, publicId }) => `${type} ${publicId}`).toSorted();
}

/** What `read` shows from the moment on when it shows this image. */
function showing(imageId: string, read: () => Promise<Shown>): Promise<Shown> {
  return eventually(async () => {
    const shown = await read();
    expect(shown.imageUrl).toContain(imageId);
    return shown;
  }, 25_000);
}

async function getOwn(path: string, { headers } = login): Promise<unknown> {
  return (await app.request.get(`/api/v1${path}`).set(headers).expect(200)).body;
}

/** Attached while it is pending, shown once it is ready, replaced by another, removed: at each step nothing is left of the one before. */
async function livesAndGoes({ path, purpose, read }: { path: string; purpose: string; read: () => Promise<Shown> }) {
  const first = await upload(purpose);
  await put(path, first);
  const shown = await showing(first, read);
  expect(shown.picture === undefined || shown.picture?.imageId === first).toBe(true);
  const answer = await fetch(shown.imageUrl ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).exif).toBeUndefined();
  const second = await upload(purpose);
  await put(path, second);
  await showing(second, read);
  await eventually(async () => {
    expect(await namesInCloud()).toEqual(imagesOf(second));
  });
  expect((await fetch(shown.imageUrl ?? '')).status).toBe(404);
  await app.request.delete(`/api/v1${path}`).set(login.headers).expect(204);
  expect((await read()).imageUrl).toBeNull();
  await eventually(async () => {
    expect(await namesInCloud()).toEqual([]);
    expect(await images().countDocuments()).toBe(0);
  });
  // There is none any more, and that is fine.
  await app.request.delete(`/api/v1${path}`).set(login.headers).expect(204);
}

async function createDish() {
  const { _id: restaurantId } = await createRestaurant({ ownerId: login.userId });
  const { _id: categoryId } = await createCategory({ restaurantId });
  const { _id: itemId } = await createMenuItem({ restaurantId, categoryId });
  return { restaurantId, itemId };
}

describe('the picture of', () => {
  it('a restaurant is on its page', async () => {
    const { _id: restaurantId } = await createRestaurant({ ownerId: login.userId });
    const path = `/restaurants/${restaurantId}`;
    await livesAndGoes({
      path: `${path}/picture`,
      purpose: 'restaurant',
      read: async () => (await getOwn(path)) as Shown,
    });
  }, 60_000);

  it('a dish is in the menu, with its blur', async () => {
    const { restaurantId, itemId } = await createDish();
    const read = async (): Promise<Shown> => {
      const menu = (await getOwn(`/restaurants/${restaurantId}/menu`)) as {
        categories: { items: (Shown & { id: string })[] }[];
      };
      const item = menu.categories.flatMap(({ items }) => items).find(({ id }) => id === itemId);
      expect(item?.picture?.blurhash.length ?? 20).toBeGreaterThan(10);
      return item ?? { imageUrl: null };
    };
    await livesAndGoes({ path: `/items/${itemId}/picture`, purpose: 'dish', read });
  }, 60_000);

  it('a person is on their account', async () => {
    await livesAndGoes({ path: '/me/picture', purpose: 'profile', read: async () => (await getOwn('/me')) as Shown });
  }, 60_000);
});

describe('the clip of a dish', () => {
  it('is replaced and removed like a picture, beside it', async () => {
    const { restaurantId, itemId } = await createDish();
    const [first, second] = [
      await createImage({ ownerId: login.userId, purpose: 'clip' }),
      await createImage({ ownerId: login.userId, purpose: 'clip' }),
    ];
    const picture = await createImage({ ownerId: login.userId });
    await put(`/items/${itemId}/picture`, picture._id);
    await put(`/items/${itemId}/clip`, first._id);
    expect(JSON.stringify(await getOwn(`/restaurants/${restaurantId}/menu`))).toContain(first.clipUrl ?? 'none');
    await put(`/items/${itemId}/clip`, second._id);
    await eventually(async () => {
      expect(await images().countDocuments({ _id: first._id })).toBe(0);
    });
    await app.request.delete(`/api/v1/items/${itemId}/clip`).set(login.headers).expect(204);
    await eventually(async () => {
      expect(await images().countDocuments({ _id: second._id })).toBe(0);
    });
    const item = await MenuItemModel.findById(itemId).lean();
    expect(item).toMatchObject({ clipImageId: null, clipUrl: null, imageId: picture._id });
  });
});

describe('the proof of a delivery', () => {
  it('is shown to the customer and the office, and to nobody else', async () => {
    const { customer, owner, courier, delivery } = await withParties(createDeliveryAtDropoff);
    const tracking = `/orders/${delivery.orderId}/tracking`;
    const proofFor = async (who: Login): Promise<Picture | null> =>
      ((await getOwn(tracking, who)) as { proof: Picture | null }).proof;
    const first = await upload('proof', courier);
    await put(`/deliveries/${delivery._id}/proof`, first, courier);
    expect(await proofFor(customer)).toBeNull();
    await eventually(async () => {
      expect((await proofFor(customer))?.imageId).toBe(first);
    }, 25_000);
    const office = [await logInAs({ roles: ['support'] }), await logInAs({ roles: ['admin'] })];
    for (const who of office) expect((await proofFor(who))?.imageId).toBe(first);
    for (const who of [owner, courier]) expect(await proofFor(who)).toBeNull();
    const second = await upload('proof', courier);
    await put(`/deliveries/${delivery._id}/proof`, second, courier);
    await eventually(async () => {
      expect(await namesInCloud()).toEqual(imagesOf(second));
    }, 25_000);
  }, 60_000);

  it('is taken from the arrival until a day after, from the courier who carried it', async () => {
    const { customer, courier, delivery } = await withParties(createDeliveryAtDropoff);
    const path = `/api/v1/deliveries/${delivery._id}/proof`;
    const { _id: imageId } = await createImage({ ownerId: courier.userId, purpose: 'proof' });
    const send = (who: Login) => app.request.put(path).set(who.headers).send({ imageId });
    await send(customer).expect(403);
    const other = await withParties(createDeliveryAtDropoff);
    await send(other.courier).expect(404);
    await deliveries().updateOne({ _id: delivery._id }, { $set: { status: 'picked_up' } });
    await send(courier).expect(409);
    const old = { status: 'delivered', endedAt: new Date(Date.now() - 25 * 3_600_000) } as const;
    await deliveries().updateOne({ _id: delivery._id }, { $set: old });
    await send(courier).expect(409);
    await deliveries().updateOne({ _id: delivery._id }, { $set: { endedAt: new Date(Date.now() - 3_600_000) } });
    await send(courier).expect(200);
  });
});

describe('the copies of a menu', () => {
  it('show a picture that was pending when they were made, and keep it until the last of them lets go', async () => {
    const from = await createRestaurant({ ownerId: login.userId });
    const { _id: itemId } = await createMenuItem({ restaurantId: from._id });
    const pending = await createImage({ ownerId: login.userId, status: 'pending', picture: null });
    await put(`/items/${itemId}/picture`, pending._id);
    const branches = [
      await createRestaurant({ ownerId: login.userId }),
      await createRestaurant({ ownerId: login.userId }),
    ];
    for (const { _id: toRestaurantId } of branches) {
      const copy = app.request.post(`/api/v1/restaurants/${from._id}/menu/duplicate`).set(login.headers);
      await copy.send({ toRestaurantId }).expect(200);
    }
    // What the worker does, without its drawing.
    const ready = await createImage({ ownerId: login.userId });
    await images().updateOne({ _id: pending._id }, { $set: { status: 'ready', picture: ready.picture } });
    await showPicture(pending._id);
    const items = await MenuItemModel.find({ imageId: pending._id }).lean();
    expect(items.map(({ picture }) => picture?.imageId)).toEqual([ready._id, ready._id, ready._id]);
    // All at once: one of them is the last, and only that one takes the picture along.
    const left = items.slice(1).map(({ _id }) => app.request.delete(`/api/v1/items/${_id}/picture`).set(login.headers));
    for (const res of await Promise.all(left)) expect(res.status).toBe(204);
    expect(await images().findOne({ _id: pending._id })).toMatchObject({
      status: 'ready',
      attachedTo: { kind: 'dish', id: items[0]?._id },
    });
    await app.request
      .delete(`/api/v1/items/${items[0]?._id ?? ''}/picture`)
      .set(login.headers)
      .expect(204);
    await eventually(async () => {
      expect(await images().countDocuments({ _id: pending._id })).toBe(0);
    });
  });

  it('that let go of it in the same moment leave nothing behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const image = await createImage({ ownerId: login.userId, attachedTo: { kind: 'dish', id: newId() } });
      const shown = { imageId: image._id, picture: image.picture };
      const items = [];
      for (let branch = 0; branch < 4; branch += 1) {
        const { _id: restaurantId } = await createRestaurant({ ownerId: login.userId });
        items.push(await createMenuItem({ restaurantId, ...shown }));
      }
      const left = items.map(({ _id }) => app.request.delete(`/api/v1/items/${_id}/picture`).set(login.headers));
      for (const res of await Promise.all(left)) expect(res.status, res.text).toBe(204);
      await eventually(async () => {
        expect(await images().countDocuments({ _id: image._id })).toBe(0);
      });
    }
  }, 60_000);

  it('have the picture that became ready before the item heard of it', async () => {
    const from = await createRestaurant({ ownerId: login.userId });
    const image = await createImage({ ownerId: login.userId });
    const item = await createMenuItem({ restaurantId: from._id, imageId: image._id, picture: null });
    const { _id: toRestaurantId } = await createRestaurant({ ownerId: login.userId });
    const copy = app.request.post(`/api/v1/restaurants/${from._id}/menu/duplicate`).set(login.headers);
    await copy.send({ toRestaurantId }).expect(200);
    expect(await MenuItemModel.findById(item._id).lean()).toMatchObject({ picture: null });
    const made = await MenuItemModel.findOne({ restaurantId: toRestaurantId }).lean();
    expect(made).toMatchObject({ imageId: image._id, picture: { imageId: image._id } });
  });
});
