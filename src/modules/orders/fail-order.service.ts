import type { Tx } from '../../infra/mongo/index.ts';
import { refundOf } from './cancellation/cancellation.policy.ts';
import type { EventActor } from './order-event.model.ts';
import type { OrderRecord } from './order.model.ts';
import type { LiableParty } from '../../shared/liable-party.ts';
import { takeTransition } from './order-transition.service.ts';
import { getOrderIn } from './orders.queries.ts';

interface FailedOrder {
  orderId: string;
  actor: EventActor;
  reason: string;
  liableParty: LiableParty;
  amountDueMinor: number;
  courierFeeMinor: number;
}

/** O20, in the transaction of the delivery, which knows why and who bears it. Payments and the books follow the event. */
export async function failOrder(tx: Tx, { orderId, actor, ...set }: FailedOrder): Promise<OrderRecord> {
  const order = await getOrderIn(tx, orderId);
  const { reason, liableParty, amountDueMinor: feeMinor } = set;
  const refundMinor = refundOf(order, feeMinor);
  const data = { reason, liableParty, feeMinor, refundMinor, currency: order.currency };
  return (await takeTransition(tx, 'O20', { orderId, actor, owner: {}, data, set })).order;
}
