/** What an outbox row of an order's log carries: the socket message and whom it concerns. */
export interface OrderMessage extends Record<string, unknown> {
  orderId: string;
  seq: number;
  type: OrderEventType;
  at: string;
  data: Record<string, unknown>;
  /** Who did it; absent in rows from before it was told. */
  actor?: { role: string; id: string | null };
  customerId: string;
  restaurantId: string;
  courierId: string | null;
}

/** Every type the log can hold, of all three machines. Subscriptions and clients name only these. */
export const ORDER_EVENT_TYPES = [
  'order.created',
  'order.placed',
  'order.scheduled',
  'order.released',
  'order.payment_expired',
  'order.accepted',
  'order.rejected',
  'order.accept_expired',
  'order.preparing',
  'order.ready',
  'order.picked_up',
  'order.delivered',
  'order.collected',
  'order.no_show',
  'order.failed',
  'order.cancelled',
  // Not of the status: what the parties tell each other on the way.
  'order.delayed',
  'order.accept_reminded',
  'order.prep_overdue',
  'order.tipped',
  'order.tip_refunded',
  'order.amendment_proposed',
  'order.amendment_settled',
  'payment.requires_action',
  'payment.disputed',
  'payment.dispute_closed',
  'payment.cash_collected',
  'payment.cash_settled',
  'delivery.contact_attempted',
  'delivery.wait_over',
  'delivery.courier_lost',
  'delivery.failed_unseen',
  'delivery.failed',
  'delivery.returning',
  'delivery.returned',
  'payment.authorized',
  'payment.captured',
  'payment.voided',
  'payment.refunded',
  'payment.refund_failed',
  'payment.failed',
  'payment.problem',
  'delivery.created',
  'delivery.offering',
  'delivery.assigned',
  'delivery.unassigned',
  'delivery.stalled',
  'delivery.en_route_to_pickup',
  'delivery.at_pickup',
  'delivery.picked_up',
  'delivery.at_dropoff',
  'delivery.delivered',
  'delivery.cancelled',
] as const;

export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];
