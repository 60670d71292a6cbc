import { findOrder } from '../orders/index.ts';
import { getPreferences } from '../users/index.ts';
import { appLink } from './app-links.ts';
import { pushOnce } from './push.service.ts';

/** A customer has tipped after the delivery. How much is on no lock screen: the order says it. */
export async function pushTipToCourier({ orderId, seq }: { orderId: string; seq: number }): Promise<void> {
  const courierId = (await findOrder(orderId))?.courierId ?? null;
  if (courierId === null || !(await getPreferences(courierId)).channels.orderUpdates.push) return;
  const message = { title: 'A tip for you', body: 'A customer thanks you for a delivery.', type: 'order.tip' };
  await pushOnce(`tip-${orderId}-${seq}`, [courierId], { ...message, link: appLink(`/orders/${orderId}`) });
}
