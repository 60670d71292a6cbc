import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { voidOpenAmendment } from './amendments/void-amendment.service.ts';
import { moveKitchenTimers } from './kitchen/kitchen-timers.ts';
import { appendOrderEvent } from './order-log.service.ts';
import { TERMINAL_STATUSES, transitionOf, type TransitionName } from './order.machine.ts';
import type { EventActor } from './order-event.model.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';

export interface TransitionRequest {
  orderId: string;
  actor: EventActor;
  /** Whose order it must be; a stranger's is absent. Empty for the system. */
  owner: { customerId?: string; restaurantId?: string };
  data?: Record<string, unknown>;
  set?: Partial<OrderRecord>;
}

export interface TransitionResult {
  order: OrderRecord;
  /** False when the order was in the target status already: nothing was written. */
  hasChanged: boolean;
}

/**
 * Takes a transition of the table: a conditional update on the current status, the event, its outbox row. Who loses a race
 * sees the new state.
 * @throws AppError `not_found`, or `invalid_transition` with the current status
 */
export async function takeTransition(
  tx: Tx,
  name: TransitionName,
  request: TransitionRequest,
): Promise<TransitionResult> {
  const transition = transitionOf(name);
  // Routes let the right roles in; a use case that takes somebody else's transition is a fault of ours.
  if (!transition.actors.includes(request.actor.role)) throw new Error(`${request.actor.role} may not take ${name}`);
  const isEnd = TERMINAL_STATUSES.includes(transition.to);
  const order = await appendOrderEvent(tx, {
    orderId: request.orderId,
    type: transition.event,
    actor: request.actor,
    data: { status: transition.to, ...request.data },
    where: { ...request.owner, status: { $in: [...transition.from] } },
    set: { ...request.set, status: transition.to, ...(isEnd ? { endedAt: now(), openAmendmentId: null } : {}) },
    movesVersion: true,
  });
  if (order === null) return settleRefused(tx, name, request);
  await moveKitchenTimers(tx, name, order);
  if (isEnd) await voidOpenAmendment(tx, order);
  return { order, hasChanged: true };
}

/** The same, for timers and other machines: null where the order has moved on. */
export async function tryTransition(
  tx: Tx,
  name: TransitionName,
  request: TransitionRequest,
): Promise<OrderRecord | null> {
  try {
    const { order, hasChanged } = await takeTransition(tx, name, request);
    return hasChanged ? order : null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_transition') return null;
    throw error;
  }
}

async function settleRefused(tx: Tx, name: TransitionName, request: TransitionRequest): Promise<TransitionResult> {
  const order = await OrderModel.findOne({ _id: request.orderId, ...request.owner })
    .session(tx)
    .lean();
  if (order === null) throw new AppError('not_found');
  if (order.status === transitionOf(name).to) return { order, hasChanged: false };
  throw new AppError('invalid_transition', { details: { status: order.status } });
}
