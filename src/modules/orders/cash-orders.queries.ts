import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { OPEN_STATUSES } from './order.machine.ts';
import { OrderModel, type OrderRecord } from './order.model.ts';

export type CashOrder = Pick<OrderRecord, '_id' | 'number' | 'status' | 'reason' | 'endedAt'>;

/** A customer's orders for cash that are under way, or failed by the customer's fault after `since`. Out of the customer's index. */
export function listCashOrders(
  customerId: string,
  { since, tx = null }: { since: Date; tx?: Tx | null },
): Promise<CashOrder[]> {
  const failed = { status: trusted({ $in: ['failed', 'no_show'] }), liableParty: 'customer' };
  const counted: Record<string, unknown>[] = [
    { status: trusted({ $in: [...OPEN_STATUSES] }) },
    { ...failed, endedAt: trusted({ $gt: since }) },
  ];
  const filter: Record<string, unknown> = { customerId, paymentMethod: 'cash', $or: counted };
  return OrderModel.find(filter, { number: 1, status: 1, reason: 1, endedAt: 1 }).session(tx).lean<CashOrder[]>();
}
