import { AppError } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import type { IdempotentAnswer, Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { restaurantsWhere, isOffice, type OrderViewer } from '../order.policy.ts';
import type { OrderRecord } from '../order.model.ts';
import type { LiableParty } from '../../../shared/liable-party.ts';
import { cancelOrderTimers, runCommand, type CommandInput } from '../order-command.service.ts';
import { assertNotOwnSide } from '../../staff/index.ts';
import { takeTransition, tryTransition } from '../order-transition.service.ts';
import { getOrder, getOrderIn } from '../orders.queries.ts';
import type { OrderView } from '../orders.presenter.ts';
import {
  CANCELLATION_REASONS,
  cancellationOf,
  mostMinor,
  refundOf,
  type Cancellation,
  type Canceller,
} from './cancellation.policy.ts';

interface CancelInput {
  orderId: string;
  reason?: string | undefined;
  /** The office names both; nobody else may. */
  liableParty?: LiableParty | undefined;
  feeMinor?: number | undefined;
}

interface Party {
  viewer: OrderViewer;
  by: Canceller;
  reason: string;
}

/**
 * O16-O19, whichever the actor's part in the order makes it. Money follows by itself: payments, deliveries and stock hear the event.
 * @throws AppError `not_found`, `forbidden`, `own_side`, `validation_failed`, `fee_too_high`, `invalid_transition`
 */
export async function cancelOrder(
  { idempotency, ...input }: CancelInput & CommandInput,
  actor: Actor,
): Promise<IdempotentAnswer<OrderView>> {
  const party = await partyOf(input, actor);
  return runCommand(idempotency, party.viewer, (tx) => cancelAs(tx, input.orderId, { ...party, userId: actor.userId }));
}

export interface CancellationPreview {
  order: OrderRecord;
  cancellation: Cancellation;
  reason: string;
}

/** What `cancelOrder` would answer now; writes nothing. @throws AppError as `cancelOrder`, but for `invalid_transition` */
export async function previewCancellation(input: CancelInput, actor: Actor): Promise<CancellationPreview> {
  const { by, reason, order } = await partyOf(input, actor);
  return { order, cancellation: decide(order, by), reason };
}

/** O19 by a rule and not by a person, e.g. nobody paid again in time. Null where the order has ended already. */
export async function cancelBySystem(
  tx: Tx,
  { orderId, reason, liableParty }: { orderId: string; reason: string; liableParty: LiableParty },
): Promise<OrderRecord | null> {
  const order = await getOrderIn(tx, orderId);
  const refundMinor = refundOf(order, 0);
  const cancelled = await tryTransition(tx, 'O19', {
    orderId,
    actor: { role: 'system', id: null },
    owner: {},
    data: { reason, liableParty, feeMinor: 0, refundMinor, currency: order.currency },
    set: { reason, liableParty, amountDueMinor: 0 },
  });
  if (cancelled !== null) await cancelOrderTimers(tx, orderId);
  return cancelled;
}

async function cancelAs(tx: Tx, orderId: string, party: Party & { userId: string }): Promise<OrderRecord> {
  const { by, reason, userId } = party;
  const current = await getOrderIn(tx, orderId);
  const { transition, feeMinor, refundMinor, liableParty } = decide(current, by);
  const { order, hasChanged } = await takeTransition(tx, transition, {
    orderId,
    actor: { role: by.role, id: userId },
    owner: {},
    data: { reason, liableParty, feeMinor, refundMinor, currency: current.currency },
    set: { reason, liableParty, amountDueMinor: feeMinor },
  });
  if (!hasChanged) return order;
  await cancelOrderTimers(tx, orderId);
  if (by.role === 'support' || by.role === 'admin') {
    const after = { status: order.status, liableParty, feeMinor, refundMinor };
    await recordAudit(tx, {
      event: 'order.cancelled',
      ...{ subjectId: orderId, reason, before: { status: current.status }, after },
    });
  }
  return order;
}

function decide(order: OrderRecord, by: Canceller): Cancellation {
  const cancellation = cancellationOf(order, by, now());
  const maxMinor = mostMinor(order, by);
  if (cancellation.feeMinor > maxMinor) throw new AppError('fee_too_high', { details: { maxMinor } });
  return cancellation;
}

/** Customer first, then the restaurant, then the office: nobody decides as the office about an order of their own. */
async function partyOf(input: CancelInput, actor: Actor): Promise<Party & { order: OrderRecord }> {
  const { order, viewer } = await getOrder(input.orderId, actor);
  // Who names the bearer acts as the office.
  if (isOffice(actor) && input.liableParty !== undefined) await assertNotOwnSide(order, actor);
  if (order.customerId === actor.userId) {
    return { order, viewer, ...asParty('customer', { ...input, reason: input.reason ?? 'changed_mind' }) };
  }
  if ((viewer.workplaces ?? []).some(({ restaurantId }) => restaurantId === order.restaurantId)) {
    if (!restaurantsWhere(viewer, 'order.cancel').includes(order.restaurantId)) throw new AppError('forbidden');
    return { order, viewer, ...asParty('restaurant', { ...input, reason: required(input, 'reason') }) };
  }
  if (!isOffice(actor)) throw new AppError('not_found');
  await assertNotOwnSide(order, actor);
  return { order, viewer, by: officeOf(input, actor), reason: required(input, 'reason') };
}

function officeOf(input: CancelInput, { roles }: Actor): Canceller {
  const role = roles.includes('admin') ? 'admin' : 'support';
  return { role, liableParty: required(input, 'liableParty'), feeMinor: input.feeMinor ?? 0 };
}

function asParty(
  role: 'customer' | 'restaurant',
  { liableParty, feeMinor, reason }: CancelInput & { reason: string },
): Pick<Party, 'by' | 'reason'> {
  if (liableParty !== undefined) throw refused('liableParty', 'Only the office says who bears it.');
  if (feeMinor !== undefined) throw refused('feeMinor', 'Only the office says what it costs.');
  const reasons: readonly string[] = CANCELLATION_REASONS[role];
  if (!reasons.includes(reason)) throw refused('reason', `Only others say so; yours are ${reasons.join(', ')}.`);
  return { by: { role }, reason };
}

function required<K extends 'reason' | 'liableParty'>(input: CancelInput, key: K): NonNullable<CancelInput[K]> {
  const value = input[key];
  if (value === undefined) throw refused(key, 'is required of you');
  return value;
}

function refused(key: string, message: string): AppError<'validation_failed'> {
  const code = message.startsWith('Only') ? 'not_yours' : 'required';
  return new AppError('validation_failed', { details: [{ path: key, code, message }] });
}
