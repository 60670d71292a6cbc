import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { releaseImage } from '../images/index.ts';
import { MenuItemModel, type MenuItemRow } from './menu-item.model.ts';

type Shown = Pick<MenuItemRow, '_id' | 'imageId' | 'clipImageId'>;

/**
 * These items show their pictures no more. A copy in another branch's menu (`duplicateMenu`) shows the same one without owning it:
 * then one of the copies becomes the owner, and the picture stays as long as anybody shows it. Clips are not copied.
 */
export async function letGoOfPictures(tx: Tx, items: readonly Shown[]): Promise<void> {
  for (const { _id, imageId, clipImageId } of items) {
    if (imageId !== null && !(await inheritPicture(tx, { itemId: _id, imageId }))) await releaseImage(tx, imageId);
    await releaseImage(tx, clipImageId);
  }
}

export function copiesQuery(imageId: string, besides: string) {
  return MenuItemModel.findOne({ 'picture.imageId': imageId, _id: trusted({ $ne: besides }) }, { _id: 1 }).hint({
    'picture.imageId': 1,
  });
}

async function inheritPicture(tx: Tx, { itemId, imageId }: { itemId: string; imageId: string }): Promise<boolean> {
  const heir = await copiesQuery(imageId, itemId).session(tx).lean<{ _id: string }>();
  if (heir === null) return false;
  await MenuItemModel.collection.updateOne({ _id: heir._id as never }, { $set: { imageId } }, { session: tx });
  return true;
}
