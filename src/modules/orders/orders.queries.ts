import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import type { StaffPermission } from '../../shared/permissions.ts';
import { assertWorksAt, listWorkplaces } from '../staff/index.ts';
import { OrderEventModel, type OrderEventRecord } from './order-event.model.ts';
import { eventPartyOf, type EventParty } from './order-event.policy.ts';
import { TERMINAL_STATUSES, type OrderStatus } from './order.machine.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';
import { canSeeTotals, isOffice, restaurantsWhere, type OrderViewer } from './order.policy.ts';

interface OrderFilter {
  status?: readonly OrderStatus[] | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface OrderPage {
  data: OrderRecord[];
  limit: number;
  nextCursor: string | null;
  viewer: OrderViewer;
}

interface SeenOrder {
  order: OrderRecord;
  viewer: OrderViewer;
}

/** Reads nothing for who has no restaurant's role: customers and couriers cost what they did. */
export async function toOrderViewer(actor: Actor): Promise<OrderViewer> {
  return actor.roles.includes('restaurant') ? { ...actor, workplaces: await listWorkplaces(actor.userId) } : actor;
}

/** For code that acts for the system; a person's request goes through `getOrderFor`. */
export function findOrder(orderId: string): Promise<OrderRecord | null> {
  return OrderModel.findById(orderId).lean();
}

/** For code that acts for the system. */
export function findOrderEvent(orderId: string, seq: number): Promise<OrderEventRecord | null> {
  return OrderEventModel.findOne({ orderId, seq }).lean();
}

/** What the log says of the end of an order: who ended it, and why. Null while it goes on. */
export function findEndOf({ _id: orderId, status }: OrderRecord): Promise<OrderEventRecord | null> {
  if (!TERMINAL_STATUSES.includes(status)) return Promise.resolve(null);
  return OrderEventModel.findOne({ orderId, 'data.status': status }).sort({ seq: -1 }).lean();
}

/** As the transaction sees it; who may ask was decided before. @throws AppError `not_found` */
export async function getOrderIn(tx: Tx, orderId: string): Promise<OrderRecord> {
  const order = await OrderModel.findById(orderId).session(tx).lean();
  if (order === null) throw new AppError('not_found');
  return order;
}

/** @throws AppError `not_found` for everybody who is no party to the order */
export async function getOrder(orderId: string, actor: Actor): Promise<SeenOrder> {
  const viewer = await toOrderViewer(actor);
  const order = await OrderModel.findOne({ _id: orderId, ...partyFilter(viewer) }).lean();
  if (order === null) throw new AppError('not_found');
  return { order, viewer };
}

/** @throws AppError `not_found` for everybody who is no party to the order */
export async function getOrderFor(orderId: string, actor: Actor): Promise<OrderRecord> {
  return (await getOrder(orderId, actor)).order;
}

/** @throws AppError `not_found` for everybody who may not see its bill, `forbidden` for who works there and may not */
export async function getBilledOrder(orderId: string, actor: Actor): Promise<OrderRecord> {
  const { order, viewer } = await getOrder(orderId, actor);
  if (canSeeTotals(order, viewer)) return order;
  const worksThere = (viewer.workplaces ?? []).some(({ restaurantId }) => restaurantId === order.restaurantId);
  throw new AppError(worksThere ? 'forbidden' : 'not_found');
}

/**
 * An order of a restaurant where the actor works.
 * @throws AppError `not_found` for who does not work there, `forbidden` for who does and may not
 */
export async function getOrderAtWork(orderId: string, actor: Actor, permission: StaffPermission): Promise<SeenOrder> {
  const viewer = await toOrderViewer(actor);
  const workplaces = (viewer.workplaces ?? []).map(({ restaurantId }) => restaurantId);
  const order = await OrderModel.findOne({ _id: orderId, restaurantId: trusted({ $in: workplaces }) }).lean();
  if (order === null) throw new AppError('not_found');
  if (!restaurantsWhere(viewer, permission).includes(order.restaurantId)) throw new AppError('forbidden');
  return { order, viewer };
}

/** The orders an actor is a party to, newest first. */
export async function listOrders(filter: OrderFilter, actor: Actor): Promise<OrderPage> {
  const viewer = await toOrderViewer(actor);
  const orders = await pageOf(partyFilter(viewer, filter.status), filter, `orders ${actor.userId}`);
  return { ...orders, viewer };
}

/** What a kitchen looks at: neither the unpaid nor the done. */
const LIVE: readonly OrderStatus[] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready', 'picked_up'];

/**
 * The live board of a restaurant, newest first; ended orders where the filter asks for them.
 * @throws AppError `not_found` unless the actor works in the restaurant, `forbidden` where the role there does not allow it
 */
export async function listRestaurantOrders(
  restaurantId: string,
  filter: OrderFilter,
  actor: Actor,
): Promise<OrderPage> {
  const role = await assertWorksAt(restaurantId, actor.userId, 'order.board');
  const where = { restaurantId, ...statusFilter(filter.status ?? LIVE) };
  const orders = await pageOf(where, filter, `board ${restaurantId}`);
  return { ...orders, viewer: { ...actor, workplaces: [{ restaurantId, role }] } };
}

interface EventFilter {
  orderId: string;
  /** Seq of the last event the caller has. */
  after: number;
  limit: number;
  /** For the office: as this party sees it, and as it was then. */
  as?: EventParty | undefined;
  at?: Date | undefined;
}

interface EventPage {
  /** As what the caller looks at it. */
  party: EventParty;
  data: OrderEventRecord[];
  limit: number;
  /** Seq to go on from, or null at the end. */
  nextCursor: string | null;
}

/**
 * The log of an order from a seq on, oldest first: the same for the socket's resume and the route.
 * @throws AppError `not_found` for everybody who is no party to the order, `forbidden` for who asks as another party
 */
export async function listOrderEventsFor(filter: EventFilter, actor: Actor): Promise<EventPage> {
  const { orderId, after, limit, as, at } = filter;
  if ((as !== undefined || at !== undefined) && !isOffice(actor)) throw new AppError('forbidden');
  const { order, viewer } = await getOrder(orderId, actor);
  const until = at === undefined ? {} : { at: trusted({ $lte: at }) };
  const rows = await OrderEventModel.find({ orderId, seq: trusted({ $gt: after }), ...until })
    .sort({ seq: 1 })
    .limit(limit + 1)
    .lean();
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? String(last.seq) : null;
  return { data, limit, nextCursor, party: as ?? eventPartyOf(order, viewer) };
}

async function pageOf(
  where: Record<string, unknown>,
  { limit, cursor }: OrderFilter,
  scope: string,
): Promise<Omit<OrderPage, 'viewer'>> {
  const before = cursor === undefined ? null : openCursor(cursor, scope, config.quotes.secret);
  if (cursor !== undefined && typeof before !== 'string') throw invalidCursor();
  const rows = await OrderModel.find({
    ...where,
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

/** Support and admins see every order; everybody else those they are a party to. */
function partyFilter(viewer: OrderViewer, statuses?: readonly OrderStatus[]): Record<string, unknown> {
  const { userId } = viewer;
  const wanted = statusFilter(statuses);
  if (isOffice(viewer)) return wanted;
  // One branch per restaurant and status, not `$in`: each comes in order out of its index, and MongoDB merges them; of the shorter
  // form it makes a sort of everything.
  const asStaff = restaurantsWhere(viewer, 'order.board').flatMap<object>((restaurantId) =>
    statuses === undefined ? { restaurantId } : statuses.map((status) => ({ restaurantId, status })),
  );
  return { $or: [{ customerId: userId, ...wanted }, { courierId: userId, ...wanted }, ...asStaff] };
}

function statusFilter(statuses: readonly OrderStatus[] | undefined): Record<string, unknown> {
  return statuses === undefined ? {} : { status: trusted({ $in: [...statuses] }) };
}
