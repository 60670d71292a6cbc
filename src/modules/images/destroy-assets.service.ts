import { dropAsset, isStorageOn } from '../../infra/storage/index.ts';
import { assetsOf } from './asset-names.ts';
import { images, originals, type ImageRow } from './image.model.ts';

/** The remote assets of a removed image, then its row. Any number of times. @throws StorageFailure */
export async function destroyAssets(imageId: string): Promise<void> {
  const row = await images().findOne({ _id: imageId, status: 'removed' });
  if (row === null) return;
  await dropAssetsOf(row);
  await originals().deleteOne({ _id: imageId });
  await images().deleteOne({ _id: imageId, status: 'removed' });
}

/** What is not there is dropped, too: the names are known, and asking which exist would cost as much. */
export async function dropAssetsOf(row: Pick<ImageRow, '_id' | 'purpose'>): Promise<void> {
  if (!isStorageOn()) return;
  for (const name of assetsOf(row)) await dropAsset(name);
}
