import type { NewOrder, OrderRecord, OrderStatus } from '../../../src/modules/orders/index.ts';
import { createOrderIn } from '../../factories/order.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

export interface OrderScene {
  customer: Login;
  owner: Login;
  order: OrderRecord;
}

/** An order in a status with its two people, who have real sessions. */
export async function sceneOf(status: OrderStatus, changes: Partial<NewOrder> = {}): Promise<OrderScene> {
  const [customer, owner] = await Promise.all([logInAs(), logInAs({ roles: ['restaurant'] })]);
  const order = await createOrderIn(status, { customerId: customer.userId, ownerId: owner.userId, ...changes });
  return { customer, owner, order };
}

export function pathOf({ _id }: { _id: string }, action = ''): string {
  return `/api/v1/orders/${_id}${action === '' ? '' : `/${action}`}`;
}
