import { toCall, toJob, type SubscriptionTable } from './infra/queue/index.ts';
import { dispatchQueue } from './modules/deliveries/index.ts';
import { ORDER_EVENT_TYPES, publishOrderMessage, type OrderMessage } from './modules/orders/index.ts';
import { paymentQueue } from './modules/payments/index.ts';

const orderId = (event: Record<string, unknown>) => ({ orderId: String(event['orderId']) });

const capture = toJob('payments.capture', { queue: paymentQueue, job: 'capture-payment', payload: orderId });
const release = toJob('payments.release', { queue: paymentQueue, job: 'release-payment', payload: orderId });
const createDelivery = toJob('deliveries.create', { queue: dispatchQueue, job: 'create-delivery', payload: orderId });
const cancelDelivery = toJob('deliveries.cancel', { queue: dispatchQueue, job: 'cancel-delivery', payload: orderId });

/** Which module reacts to which event, beside the sockets: the only fan-out table. */
const reactions: SubscriptionTable = {
  'order.accepted': [capture, createDelivery],
  'order.rejected': [release],
  'order.payment_expired': [release],
  'order.accept_expired': [release],
  'order.cancelled': [release, cancelDelivery],
  'payment.late_success': [release],
};

const toSockets = toCall('realtime', (event) => {
  publishOrderMessage(event as OrderMessage);
});

/** Every event of an order's log also goes to the sockets of its parties. */
export const subscriptions: SubscriptionTable = {
  ...reactions,
  ...Object.fromEntries(ORDER_EVENT_TYPES.map((type) => [type, [toSockets, ...(reactions[type] ?? [])]])),
};
