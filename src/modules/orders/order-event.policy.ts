/** Which party sees what of an order's log: one table, for the route, the sockets and their resume. Pure. */
import type { OrderEventRecord } from './order-event.model.ts';
import type { OrderEventType } from './order.events.ts';
import type { OrderRecord } from './order.model.ts';
import { isOffice, restaurantsWhere, type OrderViewer } from './order.policy.ts';

/** `manager`: who may see the bill in a restaurant; `office`: support and admins, who see everything, and who did it. */
export const EVENT_PARTIES = ['customer', 'kitchen', 'manager', 'courier', 'office'] as const;
export type EventParty = (typeof EVENT_PARTIES)[number];

/** Fields of an event's data; what is not named is seen by the office alone. A PIN, a code or an address is in no event. */
interface Shown {
  all?: readonly string[];
  customer?: readonly string[];
  /** Kitchen and manager. */
  restaurant?: readonly string[];
  manager?: readonly string[];
  courier?: readonly string[];
}

const STATUS = { all: ['status'] } as const;
const PAYMENT = { all: ['paymentStatus'] } as const;
const DELIVERY = { all: ['deliveryStatus'] } as const;
const BILL = ['feeMinor', 'refundMinor', 'currency'] as const;
const TIPS = ['amountMinor', 'tippedMinor', 'currency'] as const;
/** Between the customer and the courier. */
const TIP = { customer: TIPS, courier: TIPS } as const;
/** Who bears it is between us and the restaurant; the customer hears what comes back. */
const ENDED = { all: ['status', 'reason'], customer: BILL, manager: ['liableParty', ...BILL] } as const;
const LATER = { all: ['readyEta', 'eta'], restaurant: ['step', 'prepMinutes', 'byMinutes'] } as const;

const SHOWN: Record<OrderEventType, Shown> = {
  'order.created': STATUS,
  'order.placed': STATUS,
  'order.scheduled': { all: ['status', 'releaseAt'] },
  'order.released': STATUS,
  'order.payment_expired': STATUS,
  'order.accepted': { all: ['status', 'prepMinutes'], restaurant: ['isAutomatic'] },
  'order.rejected': { ...ENDED, customer: [...BILL, 'soldOutLineIds'], restaurant: ['soldOutLineIds'] },
  'order.accept_expired': STATUS,
  'order.preparing': { all: ['status', 'isImplied'] },
  'order.ready': { all: ['status', 'isImplied'], customer: ['collectUntil'], restaurant: ['collectUntil'] },
  'order.picked_up': STATUS,
  'order.delivered': STATUS,
  'order.collected': STATUS,
  'order.no_show': STATUS,
  'order.failed': ENDED,
  'order.cancelled': ENDED,
  'order.delayed': { ...LATER, all: ['readyEta', 'eta', 'prepMinutes', 'byMinutes'] },
  'order.accept_reminded': { restaurant: ['step'] },
  'order.prep_overdue': LATER,
  'order.tipped': TIP,
  'order.tip_refunded': TIP,
  'order.amendment_proposed': { customer: ['amendmentId', 'answerBy'], restaurant: ['amendmentId', 'answerBy'] },
  'order.amendment_settled': {
    all: ['outcome'],
    customer: ['amendmentId', 'answer', 'amountDueMinor', 'refundMinor', 'currency'],
    restaurant: ['amendmentId', 'answer'],
    manager: ['amountDueMinor', 'refundMinor', 'currency'],
  },
  'payment.requires_action': PAYMENT,
  'payment.disputed': PAYMENT,
  'payment.dispute_closed': PAYMENT,
  'payment.cash_collected': {
    ...PAYMENT,
    customer: ['amountMinor'],
    manager: ['amountMinor'],
    courier: ['amountMinor'],
  },
  'payment.cash_settled': PAYMENT,
  'payment.authorized': PAYMENT,
  'payment.captured': { ...PAYMENT, customer: ['amountMinor'], manager: ['amountMinor'] },
  'payment.voided': PAYMENT,
  'payment.refunded': {
    ...PAYMENT,
    customer: ['refundId', 'amountMinor', 'reason'],
    manager: ['refundId', 'amountMinor', 'reason', 'liableParty'],
  },
  'payment.refund_failed': { ...PAYMENT, customer: ['refundId', 'amountMinor'] },
  'payment.failed': PAYMENT,
  'payment.problem': PAYMENT,
  'delivery.created': DELIVERY,
  'delivery.offering': DELIVERY,
  // Who brings it is for those who will meet; another courier after them learns no names.
  'delivery.assigned': { ...DELIVERY, customer: ['courierId', 'vehicle'], restaurant: ['courierId', 'vehicle'] },
  'delivery.unassigned': DELIVERY,
  'delivery.stalled': DELIVERY,
  'delivery.en_route_to_pickup': DELIVERY,
  'delivery.at_pickup': DELIVERY,
  'delivery.picked_up': DELIVERY,
  'delivery.at_dropoff': DELIVERY,
  'delivery.contact_attempted': { ...DELIVERY, customer: ['channel'], courier: ['channel'] },
  'delivery.wait_over': DELIVERY,
  'delivery.courier_lost': DELIVERY,
  'delivery.failed_unseen': DELIVERY,
  'delivery.delivered': DELIVERY,
  'delivery.failed': { all: ['deliveryStatus', 'reason'], restaurant: ['disposal'], courier: ['disposal'] },
  'delivery.returning': DELIVERY,
  'delivery.returned': DELIVERY,
  'delivery.cancelled': DELIVERY,
};

/** In the place of the type of what is no news for a party at all: the row is there, since a gap in `seq` is a loss. */
export const HIDDEN = 'hidden';

/** How a kitchen is urged to answer is between it and us. */
const HIDDEN_FROM: Partial<Record<OrderEventType, readonly EventParty[]>> = {
  'order.accept_reminded': ['customer', 'courier'],
};

export function typeShownTo(party: EventParty, type: OrderEventType): OrderEventType | typeof HIDDEN {
  return HIDDEN_FROM[type]?.includes(party) === true ? HIDDEN : type;
}

/** The table, for the API document. */
export function describeShown(): string {
  const rows = Object.entries<Shown>(SHOWN).map(([type, { all, customer, restaurant, manager, courier }]) => {
    const cells = [all, customer, restaurant, manager, courier].map((fields = []) => fields.join(', '));
    return `| ${[`\`${type}\``, ...cells].join(' | ')} |`;
  });
  return [
    '| Type | Everybody | Customer, too | Restaurant, too | Its managers, too | Courier, too |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Of the data what concerns the party. */
export function shownTo(
  party: EventParty,
  { type, data }: Pick<OrderEventRecord, 'type' | 'data'>,
): Record<string, unknown> {
  if (party === 'office') return data;
  const fields = fieldsFor(party, SHOWN[type]);
  return Object.fromEntries(Object.entries(data).filter(([field]) => fields.includes(field)));
}

function fieldsFor(party: Exclude<EventParty, 'office'>, shown: Shown): readonly string[] {
  const { all = [], customer = [], restaurant = [], manager = [], courier = [] } = shown;
  const own = { customer, courier, kitchen: restaurant, manager: [...restaurant, ...manager] };
  return [...all, ...own[party]];
}

/** As what a viewer looks at an order. Support that orders for itself is the office all the same. */
export function eventPartyOf(order: Pick<OrderRecord, 'customerId' | 'restaurantId'>, viewer: OrderViewer): EventParty {
  if (isOffice(viewer)) return 'office';
  if (order.customerId === viewer.userId) return 'customer';
  if (restaurantsWhere(viewer, 'order.totals').includes(order.restaurantId)) return 'manager';
  return restaurantsWhere(viewer, 'order.board').includes(order.restaurantId) ? 'kitchen' : 'courier';
}
