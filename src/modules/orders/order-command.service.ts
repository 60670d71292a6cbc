import { runIdempotent, type IdempotentAnswer, type IdempotentRequest, type Tx } from '../../infra/mongo/index.ts';
import { cancelTimers } from '../../infra/timers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { StaffPermission } from '../../shared/permissions.ts';
import { ACCEPTANCE_TIMERS } from './kitchen/kitchen-timers.ts';
import type { OrderRecord } from './order.model.ts';
import { canSeeTotals, type OrderViewer } from './order.policy.ts';
import { takeTransition, type TransitionRequest } from './order-transition.service.ts';
import { toOrderView, withoutBill, type OrderView } from './orders.presenter.ts';
import { getOrderAtWork } from './orders.queries.ts';

/** T1 belongs to payments, which asks the provider before an order expires. */
export const PAY_TIMER = 'order.pay';
/** T3: an order for a slot rings in the kitchen. */
export const RELEASE_TIMER = 'order.release';

export interface CommandInput {
  orderId: string;
  idempotency: IdempotentRequest;
}

interface Command extends Omit<TransitionRequest, 'orderId'> {
  viewer: OrderViewer;
  /** In the same transaction. */
  andThen?: (tx: Tx, order: OrderRecord) => void | Promise<void>;
}

/** A party's decision behind an Idempotency-Key; whatever it is, nobody waits for payment or acceptance any more. */
export function takeCommand(
  name: 'O7' | 'O8',
  { orderId, idempotency }: CommandInput,
  { viewer, andThen, ...request }: Command,
): Promise<IdempotentAnswer<OrderView>> {
  return runCommand(idempotency, viewer, async (tx) => {
    const { order } = await takeTransition(tx, name, { orderId, ...request });
    await cancelOrderTimers(tx, orderId);
    await andThen?.(tx, order);
    return order;
  });
}

/** Of an order that nobody waits for any more. */
export async function cancelOrderTimers(tx: Tx, orderId: string): Promise<void> {
  await cancelTimers(tx, orderId, [PAY_TIMER, RELEASE_TIMER, ...ACCEPTANCE_TIMERS]);
}

/** Once per key; the answer is what `viewer` may see. */
export async function runCommand(
  idempotency: IdempotentRequest,
  viewer: OrderViewer,
  decide: (tx: Tx) => Promise<OrderRecord>,
): Promise<IdempotentAnswer<OrderView>> {
  const { answer, isReplay } = await runIdempotent(idempotency, async (tx) => toOrderView(await decide(tx), viewer));
  // The stored answer may be older than the viewer's role.
  return { answer: canSeeTotals(answer, viewer) ? answer : withoutBill(answer), isReplay };
}

/**
 * Asked outside the idempotent part: a replay, too, is only for who works there still. The transition asks for the restaurant again.
 * @throws AppError `not_found`, `forbidden`
 */
export async function asRestaurant(orderId: string, actor: Actor, permission: StaffPermission): Promise<Command> {
  const { order, viewer } = await getOrderAtWork(orderId, actor, permission);
  return { viewer, actor: { role: 'restaurant', id: actor.userId }, owner: { restaurantId: order.restaurantId } };
}
