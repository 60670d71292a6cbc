import { AppError } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { readyEtaOf } from '../cooking-from.ts';
import { watchCooking } from '../kitchen/kitchen-timers.ts';
import { asRestaurant } from '../order-command.service.ts';
import { etaOf } from '../order-eta.ts';
import { appendOrderEvent } from '../order-log.service.ts';
import type { OrderStatus } from '../order.machine.ts';
import type { OrderRecord } from '../order.model.ts';
import { toOrderView, type OrderView } from '../orders.presenter.ts';
import { getOrderIn } from '../orders.queries.ts';
import { delayOf } from './delay.policy.ts';

const DELAYABLE: readonly OrderStatus[] = ['accepted', 'preparing'];

interface DelayInput {
  orderId: string;
  /** From the acceptance on, in all: the same word twice is one delay. */
  prepMinutes: number;
}

/**
 * The kitchen needs longer than it said. The promise stays; the ETA, the courier's dispatch and the customer hear of it.
 * @throws AppError `not_found`, `forbidden`, `invalid_transition`, `delay_refused`
 */
export async function delayOrder(input: DelayInput, actor: Actor): Promise<OrderView> {
  const { viewer, actor: by } = await asRestaurant(input.orderId, actor, 'order.cook');
  return toOrderView(await withTransaction((tx) => writeDelay(tx, input, by)), viewer);
}

async function writeDelay(
  tx: Tx,
  { orderId, prepMinutes }: DelayInput,
  actor: Parameters<typeof appendOrderEvent>[1]['actor'],
): Promise<OrderRecord> {
  const order = await getOrderIn(tx, orderId);
  if (order.prepMinutes === prepMinutes && DELAYABLE.includes(order.status)) return order;
  const { acceptedAt, status } = order;
  if (acceptedAt === null || !DELAYABLE.includes(status)) {
    throw new AppError('invalid_transition', { details: { status } });
  }
  const { byMinutes, limits, isAllowed } = delayOf({ ...order, acceptedAt }, prepMinutes, now());
  if (!isAllowed) throw new AppError('delay_refused', { details: limits });
  const readyEta = readyEtaOf({ ...order, acceptedAt }, prepMinutes);
  const eta = etaOf({ ...order, readyEta })?.toISOString();
  const delayed = await appendOrderEvent(tx, {
    orderId,
    type: 'order.delayed',
    actor,
    data: { prepMinutes, byMinutes, readyEta: readyEta.toISOString(), eta },
    set: { prepMinutes, readyEta, delays: order.delays + 1, delayedMinutes: order.delayedMinutes + byMinutes },
    where: { status: { $in: [...DELAYABLE] } },
  });
  if (delayed === null) throw new AppError('invalid_transition', { details: { status } });
  await watchCooking(tx, delayed);
  return delayed;
}
