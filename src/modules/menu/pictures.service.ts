import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { handOnImage, joinImages, releaseImage } from '../images/index.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';

type Shown = Pick<MenuItemRow, '_id' | 'imageId' | 'clipImageId'>;

/**
 * These items show their pictures no more. A copy in another branch's menu (`duplicateMenu`) shows the same one: it stays as long as
 * anybody shows it. Clips are not copied.
 */
export async function letGoOfPictures(tx: Tx, items: readonly Shown[]): Promise<void> {
  for (const { _id, imageId, clipImageId } of items) {
    if (imageId !== null && !(await isLeftToCopy(tx, { itemId: _id, imageId }))) await releaseImage(tx, imageId);
    await releaseImage(tx, clipImageId);
  }
}

export function copiesQuery(imageId: string, besides: string) {
  return MenuItemModel.findOne({ imageId, _id: trusted({ $ne: besides }) }, { _id: 1 }).hint({ imageId: 1 });
}

/** The image's row is written: of the last two items that let go of it at once, one runs again and finds itself the last. */
async function isLeftToCopy(tx: Tx, { itemId, imageId }: { itemId: string; imageId: string }): Promise<boolean> {
  const heir = await copiesQuery(imageId, itemId).session(tx).lean<{ _id: string }>();
  if (heir === null) return false;
  await handOnImage(tx, imageId, { kind: 'dish', id: heir._id });
  return true;
}

/**
 * For items that are about to be copied: whatever is ready now, though the item may not know it yet. What is still pending comes to
 * every copy by `showItemPicture`, after `tx`.
 */
export async function withReadyPictures(tx: Tx, items: readonly MenuItemRow[]): Promise<MenuItemRow[]> {
  const awaited = items.flatMap(({ imageId, picture }) => (imageId !== null && picture === null ? [imageId] : []));
  const ready = await joinImages(tx, awaited);
  return items.map((row) => ({ ...row, picture: row.picture ?? ready.get(row.imageId ?? '') ?? null }));
}
