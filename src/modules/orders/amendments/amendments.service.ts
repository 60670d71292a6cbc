import { config } from '../../../config/index.ts';
import { AppError, isDuplicateKey, type FieldProblem } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { cancelTimers, scheduleTimer } from '../../../infra/timers/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now, secondsFromNow } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { claimMoreStock, markSoldOut, type MenuItem } from '../../menu/index.ts';
import type { EventActor } from '../order-event.model.ts';
import { asRestaurant } from '../order-command.service.ts';
import { ACCEPTANCE_TIMERS } from '../kitchen/kitchen-timers.ts';
import { appendOrderEvent } from '../order-log.service.ts';
import type { OrderRecord } from '../order.model.ts';
import type { OrderViewer } from '../order.policy.ts';
import { getOrder, getOrderIn } from '../orders.queries.ts';
import { amendOrder, withoutSubstitutes } from './amend-order.ts';
import { AMENDABLE } from './amendment.machine.ts';
import { AmendmentModel, type AmendmentChange, type AmendmentRecord } from './amendment.model.ts';
import { AMENDMENT_TIMER } from './void-amendment.service.ts';
import { readChanges, type WantedChange } from './wanted-changes.service.ts';

const MAX_AMENDMENTS = 10;

interface ProposeInput {
  orderId: string;
  changes: WantedChange[];
  note?: string | undefined;
}

export interface SeenAmendments {
  order: OrderRecord;
  viewer: OrderViewer;
  amendments: AmendmentRecord[];
}

/**
 * The kitchen cannot cook it as agreed. The customer has four minutes; then what they chose when they ordered is done. As long, what is
 * proposed in the place of another dish is held for them, and T2 stands still: the kitchen has answered.
 * @throws AppError `not_found`, `forbidden`, `amendment_invalid`, `amendment_open`, `amendments_used_up`, `invalid_transition`
 */
export async function proposeAmendment(input: ProposeInput, actor: Actor): Promise<SeenAmendments> {
  const { viewer, actor: by } = await asRestaurant(input.orderId, actor, 'order.amend');
  const { order } = await getOrder(input.orderId, actor);
  assertAmendable(order);
  const { changes, dishes } = await readChanges(order, input.changes);
  const amendment = toAmendment(order, changes, input.note);
  await withTransaction(async (tx) => {
    await writeProposal(tx, { order, amendment, by });
    await holdSubstitutes(tx, { order, changes, dishes });
    await markSoldOut(tx, soldOutOf(order, input.changes));
  });
  return { order, viewer, amendments: [amendment] };
}

/** Of the order, the dishes that have run out. */
function soldOutOf({ items }: OrderRecord, changes: readonly WantedChange[]): string[] {
  const lineIds = changes.filter(({ isSoldOut }) => isSoldOut).map(({ lineId }) => lineId);
  return items.filter(({ lineId }) => lineIds.includes(lineId)).map(({ itemId }) => itemId);
}

/** Oldest first; there are ten at most. @throws AppError `not_found` for everybody who is no party to the order */
export async function listAmendments(orderId: string, actor: Actor): Promise<SeenAmendments> {
  const { order, viewer } = await getOrder(orderId, actor);
  const amendments = await AmendmentModel.find({ orderId }).sort({ _id: 1 }).limit(MAX_AMENDMENTS).lean();
  return { order, viewer, amendments };
}

/** For code that acts for the system. */
export function findAmendment(amendmentId: string): Promise<AmendmentRecord | null> {
  return AmendmentModel.findById(amendmentId).lean();
}

/** What the order would hold more. @throws AppError `amendment_invalid`: there are not as many left */
async function holdSubstitutes(
  tx: Tx,
  { order, changes, dishes }: { order: OrderRecord; changes: AmendmentChange[]; dishes: MenuItem[] },
): Promise<void> {
  const { _id: orderId, restaurantId } = order;
  const short = await claimMoreStock(tx, { orderId, restaurantId, lines: moreThan(order, changes), items: dishes });
  const details = changes.flatMap((change, index): FieldProblem[] => {
    if (change.kind !== 'substitute' || !short.has(change.substitute.itemId)) return [];
    const message = `Of ${change.substitute.name} there are not as many left.`;
    return [{ path: `changes.${index}.quantity`, code: 'out_of_stock', message }];
  });
  if (details.length > 0) throw new AppError('amendment_invalid', { details });
}

/** By dish, since one may take the place of itself, in another size. */
function moreThan(order: OrderRecord, changes: AmendmentChange[]): { itemId: string; quantity: number }[] {
  const after = amendOrder(order, changes)?.items ?? [];
  const countOf = (items: OrderRecord['items'], itemId: string) =>
    items.reduce((sum, item) => (item.itemId === itemId ? sum + item.quantity : sum), 0);
  return [...new Set(after.map(({ itemId }) => itemId))].flatMap((itemId) => {
    const quantity = countOf(after, itemId) - countOf(order.items, itemId);
    return quantity > 0 ? [{ itemId, quantity }] : [];
  });
}

function assertAmendable({ status, openAmendmentId, amendments }: OrderRecord): void {
  if (!AMENDABLE.includes(status)) throw new AppError('invalid_transition', { details: { status } });
  if (openAmendmentId !== null) throw new AppError('amendment_open');
  if (amendments >= MAX_AMENDMENTS) throw new AppError('amendments_used_up');
}

function toAmendment(order: OrderRecord, changes: AmendmentChange[], note?: string): AmendmentRecord {
  const { pricing, currency } = order;
  return {
    _id: newId(),
    orderId: order._id,
    status: 'proposed',
    changes,
    note: note ?? null,
    totalBeforeMinor: pricing.totalMinor,
    totalIfAcceptedMinor: totalAfter(order, changes),
    totalIfDeclinedMinor: totalAfter(order, withoutSubstitutes(changes)),
    currency,
    answer: null,
    outcome: null,
    expiresAt: secondsFromNow(config.orders.amendmentAnswerSeconds),
    createdAt: now(),
    settledAt: null,
  };
}

function totalAfter(order: OrderRecord, changes: AmendmentChange[]): number | null {
  try {
    return amendOrder(order, changes)?.pricing.totalMinor ?? null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem = { path: 'changes', code: 'no_price', message: 'These changes cannot be priced.' };
    throw new AppError('amendment_invalid', { details: [problem], cause: error });
  }
}

async function writeProposal(
  tx: Tx,
  { order, amendment, by }: { order: OrderRecord; amendment: AmendmentRecord; by: EventActor },
): Promise<void> {
  const { _id: amendmentId, orderId, expiresAt } = amendment;
  const asked = await appendOrderEvent(tx, {
    orderId,
    type: 'order.amendment_proposed',
    actor: by,
    data: { amendmentId, answerBy: expiresAt.toISOString() },
    set: { openAmendmentId: amendmentId, amendments: order.amendments + 1 },
    // The prices above were made of these.
    where: { status: { $in: [...AMENDABLE] }, openAmendmentId: null, amendments: order.amendments },
  });
  if (asked === null) {
    assertAmendable(await getOrderIn(tx, orderId));
    throw new AppError('amendment_open');
  }
  await cancelTimers(tx, orderId, ACCEPTANCE_TIMERS);
  await insertAmendment(tx, amendment);
  await scheduleTimer(tx, { kind: AMENDMENT_TIMER, subjectId: amendmentId, dueAt: expiresAt });
}

async function insertAmendment(tx: Tx, amendment: AmendmentRecord): Promise<void> {
  try {
    await AmendmentModel.collection.insertOne(amendment as never, { session: tx });
  } catch (error) {
    throw isDuplicateKey(error) ? new AppError('amendment_open') : error;
  }
}
