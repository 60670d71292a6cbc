import { AppError } from '../../errors/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { collectOrder, findOrder, getOrderAtWork, pickUpOrder, toOrderView, type OrderView } from '../orders/index.ts';
import { assertHandoverCode, isSameCode } from './code-tries.service.ts';
import { CARRYING } from './delivery.machine.ts';
import { deliveries } from './delivery.model.ts';
import { invalidTransition, moveDelivery } from './delivery-transition.service.ts';

/**
 * O12: the restaurant gives the food to the courier who shows the code; or O14, to the customer who collects it. Handed over already: answers unchanged.
 * @throws AppError `invalid_transition` unless the courier is at the restaurant; `handover_code_wrong`, `handover_code_locked`;
 *   `not_found` for who does not work in the restaurant, `forbidden` for who does and may not
 */
export async function handOverOrder(
  { orderId, code }: { orderId: string; code: string },
  actor: Actor,
): Promise<OrderView> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, 'order.cook');
  if (order.mode === 'collection') return collectOrder({ orderId, code }, actor);
  const delivery = await deliveries().findOne({ orderId });
  if (delivery === null) throw invalidTransition(order.status);
  if (CARRYING.includes(delivery.status)) return toOrderView(order, viewer);
  if (delivery.status !== 'at_pickup') throw invalidTransition(delivery.status);
  await assertHandoverCode(delivery, code);
  await pickUp({ deliveryId: delivery._id, code }, actor);
  return toOrderView((await findOrder(orderId)) ?? order, viewer);
}

async function pickUp({ deliveryId, code }: { deliveryId: string; code: string }, actor: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const delivery = await deliveries().findOne({ _id: deliveryId }, { session: tx });
    if (delivery === null) throw new AppError('not_found');
    // Another request of the restaurant was quicker.
    if (CARRYING.includes(delivery.status)) return;
    if (!isSameCode(delivery.handoverCode, code)) throw invalidTransition(delivery.status);
    const { orderId } = delivery;
    const eventActor = { role: 'restaurant' as const, id: actor.userId };
    await pickUpOrder(tx, { orderId, actor: eventActor });
    await moveDelivery(tx, 'pickUp', { delivery, actor: eventActor, set: { pickedUpAt: now() } });
  });
}
