import type { mongo } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { TERMINAL_STATUSES } from './order.machine.ts';
import { OrderModel, type OrderAddress, type OrderRecord } from './order.model.ts';
import { toOrderView, type OrderView } from './orders.presenter.ts';

/** Where the food went is nobody's business any more; a place in open sea keeps the form. */
const NOWHERE: OrderAddress = { label: '', line1: '', city: '', location: { lat: 0, lng: 0 } };

function orders(): mongo.Collection<OrderRecord> {
  return OrderModel.collection as unknown as mongo.Collection<OrderRecord>;
}

/** Whether something is still to be paid, cooked or brought. */
export async function hasOrderUnderWay(tx: Tx, customerId: string): Promise<boolean> {
  const open = { customerId, status: { $nin: [...TERMINAL_STATUSES] } };
  return (await orders().findOne(open, { session: tx, projection: { _id: 1 } })) !== null;
}

/** As the customer sees them, the last placed first: with the address, the notes and the prices that were agreed. */
export async function exportOrders(customerId: string): Promise<OrderView[]> {
  const rows = await orders().find({ customerId }).sort({ _id: -1 }).toArray();
  return rows.map((order) => toOrderView(order, { userId: customerId, roles: ['customer'], sessionId: '' }));
}

/**
 * Takes the person out of the orders and leaves what was sold, for how much, and when. For orders that have ended.
 * @returns the ids of all of them
 */
export async function forgetCustomer(tx: Tx, customerId: string): Promise<string[]> {
  await orders().updateMany(
    { customerId },
    { $set: { deliveryAddress: NOWHERE, notes: null }, $unset: { 'items.$[].note': '' } },
    { session: tx },
  );
  const rows = await orders()
    .find({ customerId }, { session: tx, projection: { _id: 1 } })
    .toArray();
  return rows.map(({ _id }) => _id);
}
