import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { attachImage, type AttachedImage, type ShownImage } from '../../images/index.ts';
import { changeMenuItem, editMenu, getItemAtWork } from '../edit-menu.service.ts';
import { MenuItemModel, type MenuItemRow } from '../menu-item.model.ts';
import { letGoOfPictures } from '../pictures.service.ts';

interface Chosen {
  itemId: string;
  imageId: string;
}

/** @throws AppError `not_found`, `forbidden`, `image_unusable` */
export function setItemPicture({ itemId, imageId }: Chosen, { userId }: Actor): Promise<AttachedImage> {
  return editShown({ itemId, userId }, async (tx, show) => {
    const attached = await attachImage(tx, { imageId, ownerId: userId, to: { kind: 'dish', id: itemId } });
    const before = await show({ imageId, picture: attached.picture });
    if (before.imageId !== imageId) await letGoOfPictures(tx, [{ ...before, clipImageId: null }]);
    return attached;
  });
}

/** @throws AppError `not_found`, `forbidden` */
export function removeItemPicture(itemId: string, { userId }: Actor): Promise<void> {
  return editShown({ itemId, userId }, async (tx, show) => {
    const before = await show({ imageId: null, picture: null });
    await letGoOfPictures(tx, [{ ...before, clipImageId: null }]);
  });
}

/** @throws AppError `not_found`, `forbidden`, `image_unusable` */
export function setItemClip({ itemId, imageId }: Chosen, { userId }: Actor): Promise<AttachedImage> {
  return editShown({ itemId, userId }, async (tx, show) => {
    const attached = await attachImage(tx, { imageId, ownerId: userId, to: { kind: 'clip', id: itemId } });
    const before = await show({ clipImageId: imageId, clipUrl: attached.clipUrl });
    if (before.clipImageId !== imageId) await letGoOfPictures(tx, [{ ...before, imageId: null }]);
    return attached;
  });
}

/** @throws AppError `not_found`, `forbidden` */
export function removeItemClip(itemId: string, { userId }: Actor): Promise<void> {
  return editShown({ itemId, userId }, async (tx, show) => {
    const before = await show({ clipImageId: null, clipUrl: null });
    await letGoOfPictures(tx, [{ ...before, imageId: null }]);
  });
}

type Shown = Partial<Pick<MenuItemRow, 'imageId' | 'picture' | 'clipImageId' | 'clipUrl'>>;
/** Writes what the item shows from now on. @returns the row as it was */
type Show = (shown: Shown) => Promise<MenuItemRow>;

async function editShown<T>(
  { itemId, userId }: { itemId: string; userId: string },
  work: (tx: Tx, show: Show) => Promise<T>,
): Promise<T> {
  const { restaurantId } = await getItemAtWork(itemId, userId, 'menu.edit');
  return editMenu(restaurantId, (tx) =>
    work(tx, async (shown) => {
      const rows: MenuItemRow[] = [];
      const after = await changeMenuItem(tx, { itemId }, (row) => {
        rows.push(row);
        return shown;
      });
      return rows[0] ?? after;
    }),
  );
}

/** The worker has made the picture, or it is gone: for the item and its copies in other branches' menus. */
export async function showItemPicture({ imageId, isGone, picture }: ShownImage): Promise<void> {
  const set = { picture, ...(isGone ? { imageId: null } : {}), updatedAt: now() };
  await MenuItemModel.collection.updateMany({ imageId }, { $set: set, $inc: { version: 1 } }, { hint: { imageId: 1 } });
}

export async function showItemClip({ id, imageId, isGone, clipUrl }: ShownImage): Promise<void> {
  const set = { clipUrl, ...(isGone ? { clipImageId: null } : {}), updatedAt: now() };
  await MenuItemModel.collection.updateOne(
    { _id: id as never, clipImageId: imageId },
    { $set: set, $inc: { version: 1 } },
  );
}
