import { trusted } from 'mongoose';
import { OrderModel } from './order.model.ts';
import type { OrderStatus } from './order.machine.ts';

/** An order that came to nothing was no first order. One that waits for its payment may become it: two such would both be the first. */
const CAME_TO_NOTHING = ['expired', 'rejected', 'cancelled'] as const satisfies OrderStatus[];

/** Whether a kitchen has this customer's food, or had it, or will. */
export async function hasOrdered(customerId: string): Promise<boolean> {
  return (await orderedQuery(customerId).lean()) !== null;
}

/** Exported for the explain test. */
export function orderedQuery(customerId: string) {
  return OrderModel.exists({ customerId, status: trusted({ $nin: CAME_TO_NOTHING }) }).hint({ customerId: 1, _id: -1 });
}
