import { trusted } from 'mongoose';
import { addMs } from '../../shared/clock.ts';
import type { OrderRecord } from './order.model.ts';
import { OrderModel } from './order.model.ts';
import { OPEN_STATUSES, type OrderStatus } from './order.machine.ts';

/** What a kitchen looks at. */
const ON_BOARD = ['placed', 'accepted', 'preparing', 'ready', 'picked_up'] as const satisfies readonly OrderStatus[];
/** Beyond it a number is only "many"; no count reads further. */
const COUNTED_AT_MOST = 10_000;

export interface Board {
  counts: Record<(typeof ON_BOARD)[number], number>;
  /** Of the orders that nobody has answered yet. */
  oldestPlacedAt: Date | null;
}

/** By status, each from its index alone. */
export async function countBoard(restaurantId: string): Promise<Board> {
  const [counts, oldest] = await Promise.all([
    countEach(ON_BOARD, (status) => ({ restaurantId, status })),
    OrderModel.findOne({ restaurantId, status: 'placed' }, { placedAt: 1 })
      .sort({ _id: 1 })
      .lean<Pick<OrderRecord, 'placedAt'>>(),
  ]);
  return { counts, oldestPlacedAt: oldest?.placedAt ?? null };
}

/** Of all restaurants, from the small index of what is not over. */
export function countOpenOrders(): Promise<Partial<Record<OrderStatus, number>>> {
  return countEach(OPEN_STATUSES, (status) => ({ status }));
}

export interface Takings {
  orders: number;
  itemsMinor: number;
}

/** What was delivered since then; read by id, which begins with the time of the order. */
export async function sumDelivered(restaurantId: string, since: Date): Promise<Takings> {
  const where = { restaurantId, status: 'delivered' as const, _id: trusted({ $gte: firstIdAt(since) }) };
  const orders = await OrderModel.find(where, { 'pricing.itemsMinor': 1 })
    .limit(COUNTED_AT_MOST)
    .lean<{ pricing: { itemsMinor: number } }[]>();
  return { orders: orders.length, itemsMinor: orders.reduce((sum, { pricing }) => sum + pricing.itemsMinor, 0) };
}

/** An order of the day before may be delivered today. */
const LONGEST_MS = 86_400_000;

export function countDeliveredBy(courierId: string, since: Date): Promise<number> {
  const from = firstIdAt(addMs(since, -LONGEST_MS));
  return OrderModel.countDocuments(
    { courierId, _id: trusted({ $gte: from }), status: 'delivered', endedAt: trusted({ $gte: since }) },
    { limit: COUNTED_AT_MOST },
  );
}

/** The newest of a customer, whatever became of them. */
export function findNewestOrders(customerId: string, limit: number): Promise<OrderRecord[]> {
  return OrderModel.find({ customerId }).sort({ _id: -1 }).limit(limit).lean();
}

async function countEach<S extends OrderStatus>(
  statuses: readonly S[],
  filterOf: (status: S) => object,
): Promise<Record<S, number>> {
  const counts = await Promise.all(
    statuses.map(async (status) => {
      return [status, await OrderModel.countDocuments(filterOf(status), { limit: COUNTED_AT_MOST })] as const;
    }),
  );
  return Object.fromEntries(counts) as Record<S, number>;
}

function firstIdAt(at: Date): string {
  return Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0')
    .padEnd(24, '0');
}
