import { AppError } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import type { Picture } from '../../shared/picture.ts';
import { attachImage, replaceImage, type AttachedImage, type ShownImage } from '../images/index.ts';
import { UserModel } from './user.model.ts';

/** @throws AppError `image_not_found` for somebody else's image, `image_unusable` */
export async function setProfilePicture(imageId: string, { userId }: Actor): Promise<AttachedImage> {
  return withTransaction(async (tx) => {
    const attached = await attachImage(tx, { imageId, ownerId: userId, to: { kind: 'profile', id: userId } });
    await writePicture(tx, userId, { imageId, picture: attached.picture });
    return attached;
  });
}

/** There may be none. */
export async function removeProfilePicture({ userId }: Actor): Promise<void> {
  await withTransaction((tx) => writePicture(tx, userId, { imageId: null, picture: null }));
}

async function writePicture(
  tx: Tx,
  userId: string,
  shown: { imageId: string | null; picture: Picture | null },
): Promise<void> {
  const before = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active' },
    { $set: { ...shown, updatedAt: now() } },
    { session: tx, returnDocument: 'before', projection: { imageId: 1 } },
  );
  if (before === null) throw new AppError('not_found');
  await replaceImage(tx, (before['imageId'] as string | null | undefined) ?? null, shown.imageId);
}

/** The worker has made the picture, or it is gone. */
export async function showProfilePicture({ id, imageId, isGone, picture }: ShownImage): Promise<void> {
  await UserModel.collection.updateOne(
    { _id: id as never, imageId },
    { $set: { picture, ...(isGone ? { imageId: null } : {}), updatedAt: now() } },
  );
}
