import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { addMs, now } from '../../shared/clock.ts';
import { attachImage, replaceImage, type AttachedImage, type ShownImage } from '../images/index.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { invalidTransition } from './delivery-transition.service.ts';

const OPEN_AFTERWARDS_MS = 24 * 3_600_000;

/**
 * The courier's picture of the food at the door, from the arrival until a day after.
 * @throws AppError `not_found` for somebody else's delivery or image, `invalid_transition`, `image_unusable`
 */
export async function setDeliveryProof(
  { deliveryId, imageId }: { deliveryId: string; imageId: string },
  { userId }: Actor,
): Promise<AttachedImage> {
  return withTransaction(async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId, courierId: userId }, { session: tx });
    if (delivery === null) throw new AppError('not_found');
    if (!isProvable(delivery)) throw invalidTransition(delivery.status);
    const attached = await attachImage(tx, { imageId, ownerId: userId, to: { kind: 'proof', id: deliveryId } });
    const $set = { proofImageId: imageId, proof: attached.picture, updatedAt: now() };
    await deliveries().updateOne({ _id: deliveryId }, { $set }, { session: tx });
    await replaceImage(tx, delivery.proofImageId ?? null, imageId);
    return attached;
  });
}

function isProvable({ status, endedAt }: DeliveryRecord): boolean {
  if (status === 'at_dropoff' || status === 'returning') return true;
  return (
    (status === 'delivered' || status === 'failed') && endedAt !== null && now() < addMs(endedAt, OPEN_AFTERWARDS_MS)
  );
}

/** The worker has made the picture, or it is gone. */
export async function showDeliveryProof({ id, imageId, isGone, picture }: ShownImage): Promise<void> {
  await deliveries().updateOne(
    { _id: id, proofImageId: imageId },
    { $set: { proof: picture, ...(isGone ? { proofImageId: null } : {}), updatedAt: now() } },
  );
}
