import { config } from '../../config/index.ts';
import type { AssetName } from '../../infra/storage/index.ts';
import { PICTURE_FORMATS, PICTURE_SIZES, type PictureFormat, type PictureSize } from '../../shared/picture.ts';
import type { ImageRow } from './image.model.ts';

type Named = Pick<ImageRow, '_id' | 'purpose'>;

/** What its owner sent; shown to nobody. */
export function originalAsset({ _id, purpose }: Named): AssetName {
  return { path: `${_id}/original`, access: 'private', kind: purpose === 'clip' ? 'video' : 'image' };
}

export function variantAsset({ _id }: Named, size: PictureSize, format: PictureFormat): AssetName {
  return { path: `${_id}/${size}-${format}`, access: 'upload', kind: 'image' };
}

export function clipAsset({ _id }: Named): AssetName {
  return { path: `${_id}/clip`, access: 'upload', kind: 'video' };
}

/** Every name that an image can have in the cloud: a retry writes over its own, and a removal knows them without asking. */
export function assetsOf(row: Named): AssetName[] {
  if (row.purpose === 'clip') return [originalAsset(row), clipAsset(row)];
  const variants = PICTURE_SIZES.flatMap((size) => PICTURE_FORMATS.map((format) => variantAsset(row, size, format)));
  return [originalAsset(row), ...variants];
}

export function pictureTemplate({ _id }: Named): string {
  return `${deliveryBase('image')}/${_id}/{size}-{format}.{format}`;
}

export function clipAddress(row: Named, format: string): string {
  return `${deliveryBase('video')}/${clipAsset(row).path}.${format}`;
}

function deliveryBase(kind: AssetName['kind']): string {
  const { deliveryUrl, cloudName, folder } = config.images;
  return `${deliveryUrl}/${cloudName}/${kind}/upload/${folder}`;
}
