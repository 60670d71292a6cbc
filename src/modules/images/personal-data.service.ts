import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { pictureUrl } from '../../shared/picture.ts';
import { releaseImage } from './attach-image.service.ts';
import { images, quotas } from './image.model.ts';
import { quotaDays } from './upload-quota.service.ts';

/** Everything that the person has uploaded and that is still there. */
export async function exportImages(userId: string) {
  const rows = await images().find({ ownerId: userId }).toArray();
  return rows
    .filter(({ status }) => status !== 'removed')
    .map(({ _id: id, purpose, status, attachedTo, picture, clipUrl, createdAt }) => ({
      ...{ id, purpose, status, attachedTo, createdAt },
      url: clipUrl ?? pictureUrl(picture, { size: 'large' }),
    }));
}

/**
 * Their pictures go: their own, those of their reviews and whatever is shown nowhere. What a restaurant or a delivery shows stays,
 * and belongs to nobody.
 */
export async function forgetImages(tx: Tx, userId: string): Promise<void> {
  const rows = await images().find({ ownerId: userId }, { session: tx }).toArray();
  for (const { _id, purpose, attachedTo } of rows) {
    const isTheirs = attachedTo === null || purpose === 'profile' || purpose === 'review';
    if (isTheirs) await releaseImage(tx, _id);
  }
  const $set = { ownerId: null, updatedAt: now() };
  await images().updateMany({ ownerId: userId }, { $set }, { session: tx });
  await quotas().deleteMany({ _id: { $in: quotaDays(userId) } }, { session: tx });
}
