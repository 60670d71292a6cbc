import { toCall, toJob, type SubscriptionTable } from './infra/queue/index.ts';
import { ACCOUNT_CHANGED, CODE_REQUESTED, LINK_REQUESTED, NEW_DEVICE, USER_SIGNED_UP } from './modules/auth/index.ts';
import { reservationQueue } from './modules/checkout/index.ts';
import { RESTAURANT_DECIDED } from './modules/console/index.ts';
import { dropForOffer, dropForOrder } from './modules/dashboard/index.ts';
import { dispatchQueue, OFFER_CREATED, publishOffer, type OfferMessage } from './modules/deliveries/index.ts';
import {
  CASH_HANDED_IN,
  ledgerQueue,
  PAYOUT_CREATED,
  PAYOUT_SETTLED,
  PAYOUTS_REQUESTED,
} from './modules/ledger/index.ts';
import { MENU_IMPORT_REQUESTED, menuQueue } from './modules/menu/index.ts';
import { IMAGE_FAILED, IMAGE_READY, IMAGE_REMOVED, IMAGE_UPLOADED, imageQueue } from './modules/images/index.ts';
import {
  ORDER_EVENT_TYPES,
  RESTAURANT_PAUSED,
  publishOrderMessage,
  REPLAY_REQUESTED,
  type OrderMessage,
  orderQueue,
} from './modules/orders/index.ts';
import {
  CARD_SAVED,
  CARDS_REMOVED,
  HOLD_OVERDUE,
  INTENT_GIVEN_UP,
  PAYMENT_OVERDUE,
  PAYMENT_UNSETTLED,
  paymentQueue,
  REFUND_APPROVED,
  TIP_OVERDUE,
} from './modules/payments/index.ts';
import { ACCOUNT_DELETED, EXPORT_READY, EXPORT_REQUESTED, maintenanceQueue } from './modules/privacy/index.ts';
import { REPORT_REQUESTED, reportsQueue } from './modules/reports/index.ts';
import { RECONCILIATION_REQUESTED, reconciliationQueue } from './modules/reconciliation/index.ts';
import { REVIEW_ANSWERED, REVIEW_INVITED, REVIEW_POSTED } from './modules/reviews/index.ts';
import { popularityQueue } from './modules/restaurants/index.ts';
import { STAFF_INVITED } from './modules/staff/index.ts';
import {
  accountNotice,
  alertAbout,
  amendmentMail,
  badReview,
  code,
  confirm,
  courierPush,
  decision,
  delayMail,
  endMail,
  exportId,
  exportReady,
  invitation,
  invite,
  ladder,
  link,
  newDevice,
  orderId,
  overdue,
  paused,
  payAgainMail,
  pushNews,
  readyMail,
  receipt,
  refundMail,
  reviewAnswer,
  tipMail,
  userId,
  welcome,
} from './notices.ts';

const countDelivered = toJob('restaurants.popularity', {
  queue: popularityQueue,
  job: 'count-delivered',
  payload: ({ restaurantId }) => ({ restaurantId: String(restaurantId) }),
});
const documents = toJob('reports.order', { queue: reportsQueue, job: 'make-order-documents', payload: orderId });
const payoutDocument = toJob('reports.payout', {
  ...{ queue: reportsQueue, job: 'make-payout-document' },
  payload: ({ payoutId }) => ({ payoutId: String(payoutId) }),
});
const makeReport = toJob('reports.report', {
  ...{ queue: reportsQueue, job: 'make-report' },
  payload: ({ reportId }) => ({ reportId: String(reportId) }),
});
const settle = toJob('payments.settle', { queue: paymentQueue, job: 'settle-payment', payload: orderId });
const expire = toJob('payments.expire', { queue: paymentQueue, job: 'expire-unless-paid', payload: orderId });
const renewHold = toJob('payments.renew-hold', {
  ...{ queue: paymentQueue, job: 'renew-hold' },
  payload: (event) => ({ ...orderId(event), attempt: Number(event['attempt']) }),
});
const expireTip = toJob('payments.expire-tip', {
  queue: paymentQueue,
  job: 'expire-tip',
  payload: ({ tipId }) => ({ tipId: String(tipId) }),
});
const makeRefund = toJob('payments.make-refund', {
  queue: paymentQueue,
  job: 'make-refund',
  payload: ({ refundId }) => ({ refundId: String(refundId) }),
});
const settleHandedIn = toJob('payments.settle-handed-in', {
  ...{ queue: paymentQueue, job: 'settle-handed-in' },
  payload: ({ courierId, currency }) => ({ courierId: String(courierId), currency: String(currency) }),
});
const settleSetOff = toJob('payments.settle-set-off', {
  ...{ queue: paymentQueue, job: 'settle-set-off' },
  payload: ({ payoutId }) => ({ payoutId: String(payoutId) }),
});
const discardIntent = toJob('payments.discard-intent', {
  queue: paymentQueue,
  job: 'discard-intent',
  payload: ({ paymentId, intentId }) => ({ paymentId: String(paymentId), intentId: String(intentId) }),
});
const saveCard = toJob('payments.save-card', {
  queue: paymentQueue,
  job: 'save-card',
  payload: ({ setupIntentId }) => ({ setupIntentId: String(setupIntentId) }),
});
const forgetCards = toJob('payments.forget-cards', {
  queue: paymentQueue,
  job: 'forget-cards',
  payload: ({ providerCustomerId, paymentMethodId }) => ({
    providerCustomerId: String(providerCustomerId),
    // The job's schema checks it.
    paymentMethodId: paymentMethodId as string | null,
  }),
});
const postSale = toJob('ledger.sale', { queue: ledgerQueue, job: 'post-sale', payload: orderId });
const runPayouts = toJob('ledger.payouts', {
  queue: ledgerQueue,
  job: 'run-payouts',
  payload: ({ runId }) => ({ runId: String(runId) }),
});
const reconcileDay = toJob('reconciliation.day', {
  queue: reconciliationQueue,
  job: 'reconcile-day',
  payload: ({ day }) => ({ day: String(day) }),
});
const makeStatement = toJob('ledger.statement', {
  queue: ledgerQueue,
  job: 'make-statement',
  payload: ({ payoutId }) => ({ payoutId: String(payoutId) }),
});
const autoAccept = toJob('orders.auto-accept', { queue: orderQueue, job: 'auto-accept', payload: orderId });
const replayDay = toJob('orders.replay', {
  queue: orderQueue,
  job: 'replay-day',
  payload: ({ day }) => ({ day: String(day) }),
});
const createDelivery = toJob('deliveries.create', { queue: dispatchQueue, job: 'create-delivery', payload: orderId });
const startOffers = toJob('deliveries.offer', { queue: dispatchQueue, job: 'start-offers', payload: orderId });
const followDelay = toJob('deliveries.delay', { queue: dispatchQueue, job: 'follow-delay', payload: orderId });
const cancelDelivery = toJob('deliveries.cancel', { queue: dispatchQueue, job: 'cancel-delivery', payload: orderId });

const giveBack = toJob('checkout.release', {
  queue: reservationQueue,
  job: 'release-reservations',
  payload: orderId,
});

const applyImport = toJob('menu.apply-import', {
  queue: menuQueue,
  job: 'apply-import',
  payload: ({ importId }) => ({ importId: String(importId) }),
});
const makeExport = toJob('privacy.export', { queue: maintenanceQueue, job: 'make-export', payload: exportId });
const finishDeletion = toJob('privacy.finish-deletion', {
  queue: maintenanceQueue,
  job: 'finish-deletion',
  payload: userId,
  // A request lives for half a minute at most (`requestTimeout`): after that none can write for the account any more.
  delayMs: 35_000,
});

const imageId = (event: Record<string, unknown>) => ({ imageId: String(event['imageId']) });
const makeVariants = toJob('images.make', { queue: imageQueue, job: 'make-variants', payload: imageId });
const showPicture = toJob('images.show', { queue: imageQueue, job: 'show-picture', payload: imageId });
const destroyAssets = toJob('images.destroy', { queue: imageQueue, job: 'destroy-assets', payload: imageId });

const offerToSocket = toCall('realtime', (event) => {
  publishOffer(event as OfferMessage);
});
const logToSockets = toCall('realtime', (event) => {
  publishOrderMessage(event as OrderMessage);
});

const offerToDashboard = toCall('dashboard', (event) => dropForOffer(event as OfferMessage));
const orderToDashboards = toCall('dashboard', (event) => dropForOrder(event as OrderMessage));

/** Nothing where it cost nothing. */
const billed = [receipt, documents];
/** Food that does not come. */
const ended = [endMail, pushNews('ended')];

/** Which module reacts to which event, beside the sockets: the only fan-out table. */
const reactions: SubscriptionTable = {
  [USER_SIGNED_UP]: [welcome],
  [EXPORT_REQUESTED]: [makeExport],
  [EXPORT_READY]: [exportReady],
  [ACCOUNT_DELETED]: [finishDeletion],
  [LINK_REQUESTED]: [link],
  [CODE_REQUESTED]: [code],
  [NEW_DEVICE]: [newDevice],
  [ACCOUNT_CHANGED]: [accountNotice],
  [STAFF_INVITED]: [invitation],
  [RESTAURANT_DECIDED]: [decision],
  [REVIEW_POSTED]: [badReview],
  [REVIEW_ANSWERED]: [reviewAnswer],
  [MENU_IMPORT_REQUESTED]: [applyImport],
  'order.placed': [confirm, autoAccept],
  'order.released': [autoAccept],
  'order.scheduled': [confirm],
  'order.accepted': [settle, createDelivery],
  'order.rejected': [settle, giveBack, ...ended],
  'order.payment_expired': [settle, giveBack],
  'order.accept_expired': [settle, giveBack, ...ended],
  'order.cancelled': [settle, cancelDelivery, giveBack, postSale, ...ended, ...billed],
  'order.amendment_proposed': [amendmentMail, pushNews('amendment')],
  'order.amendment_settled': [settle],
  'order.delayed': [followDelay, delayMail],
  'order.accept_reminded': [ladder],
  'order.prep_overdue': [followDelay, overdue],
  // What the courier gets for the way back is known only now.
  'delivery.failed': [postSale],
  'delivery.stalled': [alertAbout('delivery_stalled')],
  'delivery.courier_lost': [alertAbout('courier_lost')],
  'delivery.failed_unseen': [alertAbout('failed_unseen')],
  'delivery.at_dropoff': [pushNews('at_the_door')],
  'delivery.contact_attempted': [pushNews('at_the_door')],
  [RESTAURANT_PAUSED]: [paused],
  [REVIEW_INVITED]: [invite, pushNews('review')],
  // The notices are for who collects.
  'order.ready': [startOffers, readyMail, pushNews('ready')],
  'order.picked_up': [pushNews('on_its_way')],
  'order.delivered': [settle, countDelivered, postSale, ...billed],
  'order.collected': [settle, countDelivered, postSale, ...billed],
  'order.no_show': [settle, postSale, giveBack, ...ended, ...billed],
  'order.failed': [settle, postSale, giveBack, ...ended, ...billed],
  'order.tipped': [documents, courierPush, tipMail],
  'order.tip_refunded': [documents, tipMail],
  'payment.problem': [payAgainMail, pushNews('pay_again')],
  'payment.disputed': [alertAbout('payment_disputed')],
  'payment.refunded': [documents, refundMail],
  'payment.refund_failed': [documents, alertAbout('refund_failed')],
  [PAYMENT_UNSETTLED]: [settle],
  [HOLD_OVERDUE]: [renewHold],
  [TIP_OVERDUE]: [expireTip],
  [REFUND_APPROVED]: [makeRefund],
  [INTENT_GIVEN_UP]: [discardIntent],
  [CARD_SAVED]: [saveCard],
  [CARDS_REMOVED]: [forgetCards],
  [PAYMENT_OVERDUE]: [expire],
  [PAYOUTS_REQUESTED]: [runPayouts],
  [REPORT_REQUESTED]: [makeReport],
  [RECONCILIATION_REQUESTED]: [reconcileDay],
  [REPLAY_REQUESTED]: [replayDay],
  [CASH_HANDED_IN]: [settleHandedIn],
  [PAYOUT_CREATED]: [makeStatement, payoutDocument, settleSetOff],
  // They name the bank's reference.
  [PAYOUT_SETTLED]: [makeStatement, payoutDocument],
  [OFFER_CREATED]: [offerToSocket, offerToDashboard],
  [IMAGE_UPLOADED]: [makeVariants],
  [IMAGE_READY]: [showPicture],
  [IMAGE_FAILED]: [showPicture],
  [IMAGE_REMOVED]: [destroyAssets],
};

/** Every event of an order's log also goes to the sockets of its parties. */
export const subscriptions: SubscriptionTable = {
  ...reactions,
  ...Object.fromEntries(
    ORDER_EVENT_TYPES.map((type) => [type, [logToSockets, orderToDashboards, ...(reactions[type] ?? [])]]),
  ),
};
