import { trusted } from 'mongoose';
import { addMs } from '../../shared/clock.ts';
import type { OrderRecord } from './order.model.ts';
import { OrderModel } from './order.model.ts';
import { OPEN_STATUSES, type OrderStatus } from './order.machine.ts';

/** What a kitchen looks at. */
const ON_BOARD = ['placed', 'accepted', 'preparing', 'ready', 'picked_up'] as const satisfies readonly OrderStatus[];
/** Beyond it a number is only "many"; no count reads further. */
const COUNTED_AT_MOST = 10_000;
/** Of all restaurants of one person together. */
const READ_AT_MOST = 20_000;
const BY_STATUS = { restaurantId: 1, status: 1, _id: -1 } as const;

export interface Board {
  counts: Record<(typeof ON_BOARD)[number], number>;
  /** Of the orders that nobody has answered yet. */
  oldestPlacedAt: Date | null;
}

interface BoardGroup {
  _id: { restaurantId: string; status: (typeof ON_BOARD)[number] };
  count: number;
  firstId: string;
}

/** Of each restaurant by status, from the index alone; two queries for all of them. */
export async function countBoards(restaurantIds: readonly string[]): Promise<Map<string, Board>> {
  const groups = await OrderModel.collection
    .aggregate<BoardGroup>(
      [
        { $match: { restaurantId: { $in: [...restaurantIds] }, status: { $in: [...ON_BOARD] } } },
        { $limit: READ_AT_MOST },
        {
          $group: {
            _id: { restaurantId: '$restaurantId', status: '$status' },
            count: { $sum: 1 },
            firstId: { $min: '$_id' },
          },
        },
      ],
      { hint: BY_STATUS },
    )
    .toArray();
  const placedAt = await findPlacedAt(groups.flatMap(({ _id, firstId }) => (_id.status === 'placed' ? firstId : [])));
  return new Map(
    restaurantIds.map((id) => {
      const own = groups.filter(({ _id }) => _id.restaurantId === id);
      const of = (status: string) => own.find(({ _id }) => _id.status === status);
      const counts = Object.fromEntries(ON_BOARD.map((status) => [status, of(status)?.count ?? 0])) as Board['counts'];
      return [id, { counts, oldestPlacedAt: placedAt.get(of('placed')?.firstId ?? '') ?? null }];
    }),
  );
}

async function findPlacedAt(orderIds: readonly string[]): Promise<Map<string, Date | null>> {
  if (orderIds.length === 0) return new Map();
  const rows = await OrderModel.find({ _id: trusted({ $in: [...orderIds] }) }, { placedAt: 1 }).lean<
    Pick<OrderRecord, '_id' | 'placedAt'>[]
  >();
  return new Map(rows.map((row) => [row._id, row.placedAt]));
}

/** Of all restaurants, from the small index of what is not over. */
export function countOpenOrders(): Promise<Partial<Record<OrderStatus, number>>> {
  return countEach(OPEN_STATUSES, (status) => ({ status }));
}

export interface Takings {
  orders: number;
  itemsMinor: number;
}

/** What each has delivered since its midnight, in one query; read by id, which begins with the time of the order. */
export async function sumDelivered(
  days: readonly { restaurantId: string; since: Date }[],
): Promise<Map<string, Takings>> {
  if (days.length === 0) return new Map();
  const $or = days.map(({ restaurantId, since }) => {
    return { restaurantId, status: 'delivered', _id: { $gte: firstIdAt(since) as never } };
  });
  const rows = await OrderModel.collection
    .aggregate<Takings & { _id: string }>([
      { $match: { $or } },
      { $limit: READ_AT_MOST },
      { $group: { _id: '$restaurantId', orders: { $sum: 1 }, itemsMinor: { $sum: '$pricing.itemsMinor' } } },
    ])
    .toArray();
  const sums = new Map(rows.map(({ _id, orders, itemsMinor }) => [_id, { orders, itemsMinor }]));
  return new Map(
    days.map(({ restaurantId }) => [restaurantId, sums.get(restaurantId) ?? { orders: 0, itemsMinor: 0 }]),
  );
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
