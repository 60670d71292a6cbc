import { images, type ImageRow } from '../../src/modules/images/image.model.ts';
import { newImage } from '../../src/modules/images/uploads.service.ts';
import { newId, newSecretId } from '../../src/shared/ids.ts';
import type { Picture } from '../../src/shared/picture.ts';

export function buildPicture(imageId: string): Picture {
  return {
    imageId,
    urlTemplate: `https://res.example.com/qb/image/upload/quickbite/${imageId}/{size}-{format}.{format}`,
    width: 1600,
    height: 1200,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  };
}

/** Ready, and shown nowhere. Nothing of it is in the cloud. */
export async function createImage(changes: Partial<ImageRow> = {}): Promise<ImageRow> {
  const { ownerId = newId(), purpose = 'dish', _id = newSecretId() } = changes;
  const isClip = purpose === 'clip';
  const row: ImageRow = {
    ...newImage({ ownerId: ownerId ?? newId(), purpose }),
    _id,
    status: 'ready',
    picture: isClip ? null : buildPicture(_id),
    clipUrl: isClip ? `https://res.example.com/qb/video/upload/quickbite/${_id}/clip.mp4` : null,
    ...changes,
  };
  await images().insertOne({ ...row });
  return row;
}
