import { AppError } from '../../errors/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { canStaff, type StaffPermission, type StaffRole } from '../../shared/permissions.ts';

/** Who looks at orders, with the restaurants they work in. Without them somebody sees what is theirs as customer or courier. */
export interface OrderViewer extends Actor {
  workplaces?: readonly { restaurantId: string; role: StaffRole }[];
}

/** For a filter: the restaurants whose orders the viewer may use so. */
export function restaurantsWhere({ workplaces = [] }: OrderViewer, permission: StaffPermission): string[] {
  return workplaces.filter(({ role }) => canStaff(role, permission)).map(({ restaurantId }) => restaurantId);
}

export function isOffice({ roles }: Actor): boolean {
  return roles.includes('support') || roles.includes('admin');
}

/** The bill concerns neither the courier nor the kitchen. */
export function canSeeTotals(order: { customerId: string; restaurantId: string }, viewer: OrderViewer): boolean {
  const isCustomer = order.customerId === viewer.userId;
  return isOffice(viewer) || isCustomer || restaurantsWhere(viewer, 'order.totals').includes(order.restaurantId);
}

/** What is given to the courier after the delivery concerns neither the kitchen nor its owner. */
export function canSeeTips(order: { customerId: string; courierId: string | null }, viewer: OrderViewer): boolean {
  return isOffice(viewer) || order.customerId === viewer.userId || order.courierId === viewer.userId;
}

/** Food is neither taken on nor given away while its money is refused: the customer pays again within minutes, or the order ends. @throws AppError `payment_open` */
export function assertPaidFor({ paymentStatus }: { paymentStatus: string }): void {
  if (paymentStatus === 'payment_problem') throw new AppError('payment_open');
}
