import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { assertOwnsRestaurant } from '../restaurants/index.ts';
import { OrderEventModel, type OrderEventRecord } from './order-event.model.ts';
import type { OrderStatus } from './order.machine.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';

interface OrderFilter {
  status?: readonly OrderStatus[] | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface OrderPage {
  data: OrderRecord[];
  limit: number;
  nextCursor: string | null;
}

/** For code that acts for the system; a person's request goes through `getOrderFor`. */
export function findOrder(orderId: string): Promise<OrderRecord | null> {
  return OrderModel.findById(orderId).lean();
}

/** @throws AppError `not_found` for everybody who is no party to the order */
export async function getOrderFor(orderId: string, actor: Actor): Promise<OrderRecord> {
  const order = await OrderModel.findOne({ _id: orderId, ...partyFilter(actor) }).lean();
  if (order === null) throw new AppError('not_found');
  return order;
}

/** The orders an actor is a party to, newest first. */
export function listOrders(filter: OrderFilter, actor: Actor): Promise<OrderPage> {
  return pageOf(partyFilter(actor), filter, `orders ${actor.userId}`);
}

/** What a kitchen looks at: neither the unpaid nor the done. */
const LIVE: readonly OrderStatus[] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready', 'picked_up'];

/**
 * The live board of a restaurant, newest first; ended orders where the filter asks for them.
 * @throws AppError `not_found` unless the actor owns the restaurant
 */
export async function listRestaurantOrders(
  restaurantId: string,
  filter: OrderFilter,
  actor: Actor,
): Promise<OrderPage> {
  await assertOwnsRestaurant(restaurantId, actor.userId);
  return pageOf({ restaurantId }, { ...filter, status: filter.status ?? LIVE }, `board ${restaurantId}`);
}

interface EventFilter {
  orderId: string;
  /** Seq of the last event the caller has. */
  after: number;
  limit: number;
}

interface EventPage {
  data: OrderEventRecord[];
  limit: number;
  /** Seq to go on from, or null at the end. */
  nextCursor: string | null;
}

/**
 * The log of an order from a seq on, oldest first: the same for the socket's resume and the route.
 * @throws AppError `not_found` for everybody who is no party to the order
 */
export async function listOrderEventsFor({ orderId, after, limit }: EventFilter, actor: Actor): Promise<EventPage> {
  await getOrderFor(orderId, actor);
  const rows = await OrderEventModel.find({ orderId, seq: trusted({ $gt: after }) })
    .sort({ seq: 1 })
    .limit(limit + 1)
    .lean();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, limit, nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null };
}

async function pageOf(base: Record<string, unknown>, filter: OrderFilter, scope: string): Promise<OrderPage> {
  const { limit, cursor, status } = filter;
  const before = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof before !== 'string') throw badCursor();
  const rows = await OrderModel.find({
    ...base,
    ...(status === undefined ? {} : { status: trusted({ $in: [...status] }) }),
    ...(typeof before === 'string' ? { _id: trusted({ $lt: before }) } : {}),
  })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

function badCursor(): AppError {
  const details = [{ path: 'query.cursor', code: 'invalid_cursor', message: 'This cursor belongs to another list.' }];
  return new AppError('validation_failed', { details });
}

/** Support and admins see every order; everybody else those they are a party to. */
function partyFilter({ roles, userId }: Actor): Record<string, unknown> {
  if (roles.includes('support') || roles.includes('admin')) return {};
  const parties = [{ customerId: userId }, { ownerId: userId }, { courierId: userId }];
  return { $or: parties };
}
