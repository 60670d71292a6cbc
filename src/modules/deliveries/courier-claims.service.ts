import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { couriers, type CourierRecord } from './courier.model.ts';
import type { DeliveryRecord } from './delivery.model.ts';

/**
 * Takes the courier's one place for a delivery.
 * @throws AppError `courier_busy`; `forbidden` when the courier is not approved (any more)
 */
export async function claimCourier(tx: Tx, courierId: string, deliveryId: string): Promise<CourierRecord> {
  const courier = await couriers().findOneAndUpdate(
    { _id: courierId, status: 'approved', activeDeliveryId: null },
    { $set: { activeDeliveryId: deliveryId, sharedAt: null, updatedAt: now() } },
    { session: tx, returnDocument: 'after' },
  );
  if (courier !== null) return courier;
  const current = await couriers().findOne({ _id: courierId }, { session: tx });
  throw new AppError(current?.status === 'approved' ? 'courier_busy' : 'forbidden');
}

/** The delivery has ended or was given back. */
export async function freeCourier(tx: Tx, { _id, courierId }: DeliveryRecord): Promise<void> {
  if (courierId === null) return;
  await couriers().updateOne(
    { _id: courierId, activeDeliveryId: _id },
    { $set: { activeDeliveryId: null, sharedAt: null, updatedAt: now() } },
    { session: tx },
  );
}
