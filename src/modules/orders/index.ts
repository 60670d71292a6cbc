export { collectOrder, giveUpUncollected, NO_SHOW_TIMER } from './collection/collection.service.ts';
export { listCashOrders, type CashOrder } from './cash-orders.queries.ts';
export { hasOrdered } from './first-order.queries.ts';
export type { AmendmentRecord } from './amendments/amendment.model.ts';
export { findAmendment } from './amendments/amendments.service.ts';
export { settleUnanswered } from './amendments/settle-amendment.service.ts';
export { AMENDMENT_TIMER } from './amendments/void-amendment.service.ts';
export { orderQueue } from './orders.jobs.ts';
export { cancelBySystem } from './cancellation/cancellation.service.ts';
export type { EventActor } from './order-event.model.ts';
export { ORDER_EVENT_TYPES, type OrderMessage } from './order.events.ts';
export { PAY_TIMER, RELEASE_TIMER } from './order-command.service.ts';
export { etaOf } from './order-eta.ts';
export { appendOrderEvent } from './order-log.service.ts';
export { SOLD_OUT, TERMINAL_STATUSES, type OrderStatus } from './order.machine.ts';
export {
  type OrderAddress,
  type OrderCoupon,
  type OrderItem,
  type OrderRecord,
  type OrderRestaurant,
} from './order.model.ts';
export { REPLACEMENTS, type PaymentMethod, type Replacement } from './order-choices.ts';
export { toLineViews, toOrderView, type OrderView } from './orders.presenter.ts';
export {
  countBoards,
  countDeliveredBy,
  countOpenOrders,
  findNewestOrders,
  sumDelivered,
} from './order-counts.queries.ts';
export { findBookedOrders, wasCooked, type BookedOrder } from './order-progress.queries.ts';
export {
  findEndOf,
  findOrder,
  findOrderEvent,
  getBilledOrder,
  getOrderAtWork,
  getOrderFor,
  getOrderIn,
} from './orders.queries.ts';
export { orderAddressSchema, orderLineSchema, orderSchema, slotSchema } from './order-view.schema.ts';
export {
  completeOrder,
  expireUnansweredOrder,
  expireUnpaidOrder,
  pickUpOrder,
  recordPaymentEvent,
  recordTip,
} from './orders.service.ts';
export { exportOrders, forgetCustomer, hasOrderUnderWay } from './personal-data.service.ts';
export { createOrder, draftOrder, markOrderPaid, releaseScheduledOrder, type NewOrder } from './placement.service.ts';
export { publishOrderMessage, registerOrderSockets } from './orders.socket.ts';
export { promiseReplay, REPLAY_REQUESTED, REPLAY_TIMER } from './replay/replay-day.service.ts';
export { heldMinor } from './cancellation/cancellation.policy.ts';
export { usesCouponUp } from './coupon.policy.ts';
export { failOrder } from './fail-order.service.ts';
export { ACCEPT_TIMER, INVITE_TIMER } from './kitchen/kitchen-timers.ts';
export { registerKitchenTimers } from './kitchen/reminders.service.ts';
export { RESTAURANT_PAUSED } from './kitchen/strikes.service.ts';
