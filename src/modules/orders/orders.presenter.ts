import { money, type Money } from '../../shared/money.ts';
import { toChargesView, toPricingView, type Breakdown, type PricingView } from '../pricing/index.ts';
import type { OrderEventRecord } from './order-event.model.ts';
import { shownTo, typeShownTo, type EventParty } from './order-event.policy.ts';
import { etaOf } from './order-eta.ts';
import { displayStatusOf, type OrderStatus } from './order.machine.ts';
import type { OrderAddress, OrderItem, OrderRecord, OrderRestaurant } from './order.model.ts';
import type { LiableParty } from '../../shared/liable-party.ts';
import type { PaymentMethod, Replacement } from './order-choices.ts';
import { canSeeTips, canSeeTotals, isOffice, type OrderViewer } from './order.policy.ts';

/** A dish as it was chosen, at its price. */
export interface OrderItemView {
  lineId: string;
  itemId: string;
  name: string;
  quantity: number;
  size: { sizeId: string; name: string; price: Money } | null;
  options: { optionId: string; name: string; price: Money }[];
  unitPrice: Money;
  lineTotal: Money;
  note: string | null;
}

interface OrderLineView extends OrderItemView {
  /** Its share of the bill; null where `pricing` is. */
  discount: Money | null;
  tax: Money | null;
}

export interface OrderView {
  id: string;
  number: string;
  status: OrderStatus;
  displayStatus: string;
  version: number;
  lastSeq: number;
  customerId: string;
  restaurantId: string;
  courierId: string | null;
  restaurant: Omit<OrderRestaurant, 'taxRegistration'>;
  items: OrderLineView[];
  /** Null for the courier and for the kitchen, whom the bill does not concern. */
  pricing: PricingView | null;
  /** What the customer owes in the end, and what was given back; null where `pricing` is. */
  amountDue: Money | null;
  amountRefunded: Money | null;
  /** After the delivery; between the customer and the courier, so null for the restaurant. */
  tipped: Money | null;
  /** Who bears what an end without food costs; for the office. */
  liableParty: LiableParty | null;
  payment: { id: string; status: string };
  /** The card has refused; the kitchen, too, sees it, and cooks on. */
  payAgainUntil: string | null;
  amendments: number;
  openAmendmentId: string | null;
  deliveryStatus: string | null;
  mode: OrderRecord['mode'];
  slot: { startAt: string; endAt: string } | null;
  releaseAt: string | null;
  /** Null for everybody but the customer. */
  collectionCode: string | null;
  collectUntil: string | null;
  paymentMethod: PaymentMethod;
  replacement: Replacement;
  /** Null for the restaurant, and for the courier once the delivery has ended. */
  deliveryAddress: OrderAddress | null;
  distanceMeters: number;
  notes: string | null;
  reason: string | null;
  prepMinutes: number | null;
  readyEta: string | null;
  /** As things stand; `promisedAt` never moves. */
  eta: string | null;
  promisedAt: string;
  createdAt: string;
  placedAt: string | null;
  endedAt: string | null;
}

export interface OrderEventView {
  orderId: string;
  seq: number;
  type: string;
  at: string;
  data: Record<string, unknown>;
}

/** An order as `viewer` may see it. JSON-safe. */
export function toOrderView(order: OrderRecord, viewer: OrderViewer): OrderView {
  const view = { ...agreedPart(order), ...currentPart(order), ...billPart(order), ...personalPart(order, viewer) };
  return canSeeTotals(order, viewer) ? view : withoutBill(view);
}

/** What was agreed when the order was placed. */
function agreedPart(order: OrderRecord) {
  const { number, customerId, restaurantId, distanceMeters, notes } = order;
  const { taxRegistration: _documents, ...restaurant } = order.restaurant;
  const { mode, slot, paymentMethod, replacement } = order;
  return {
    id: order._id,
    ...{ number, customerId, restaurantId, restaurant, distanceMeters, notes, mode, paymentMethod, replacement },
    slot: slot === null ? null : { startAt: slot.startAt.toISOString(), endAt: slot.endAt.toISOString() },
    releaseAt: isoOf(order.releaseAt),
    promisedAt: order.promisedAt.toISOString(),
    createdAt: order.createdAt.toISOString(),
  };
}

/** The lines of a quote look the same. */
export function toLineViews(items: readonly OrderItem[], pricing: Breakdown): OrderLineView[] {
  const { currency } = pricing;
  const priced = new Map(pricing.lines.map((line) => [line.id, line]));
  return items.map((item) => ({
    ...toItemView(item, currency),
    ...toChargesView(priced.get(item.lineId), currency),
  }));
}

export function toItemView(item: OrderItem, currency: string): OrderItemView {
  const { size } = item;
  return {
    lineId: item.lineId,
    itemId: item.itemId,
    name: item.name,
    quantity: item.quantity,
    size: size === undefined ? null : { sizeId: size.sizeId, name: size.name, price: money(size.priceMinor, currency) },
    options: item.options.map(({ optionId, name, priceMinor }) => ({
      optionId,
      name,
      price: money(priceMinor, currency),
    })),
    unitPrice: money(item.unitPriceMinor, currency),
    lineTotal: money(item.lineTotalMinor, currency),
    note: item.note ?? null,
  };
}

function isoOf(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}

/** Where it stands. */
function currentPart(order: OrderRecord) {
  const { status, version, courierId, deliveryStatus, reason, prepMinutes } = order;
  return {
    ...{ status, version, courierId, deliveryStatus, reason, prepMinutes },
    displayStatus: displayStatusOf(order),
    lastSeq: order.eventSeq,
    payment: { id: order.paymentId, status: order.paymentStatus },
    payAgainUntil: isoOf(order.payAgainUntil),
    amendments: order.amendments,
    openAmendmentId: order.openAmendmentId,
    readyEta: isoOf(order.readyEta),
    eta: isoOf(etaOf(order)),
    collectUntil: isoOf(order.collectUntil),
    placedAt: isoOf(order.placedAt),
    endedAt: isoOf(order.endedAt),
  };
}

/** For who may not see the bill, or not any more. */
export function withoutBill(view: OrderView): OrderView {
  const items = view.items.map((item) => ({ ...item, discount: null, tax: null }));
  return { ...view, items, pricing: null, amountDue: null, amountRefunded: null };
}

/** What not every party may see. */
function personalPart(order: OrderRecord, viewer: OrderViewer) {
  const { userId } = viewer;
  const isCarrying = order.courierId === userId && order.endedAt === null;
  const canSeeAddress = isOffice(viewer) || order.customerId === userId || isCarrying;
  return {
    tipped: canSeeTips(order, viewer) ? money(order.tippedMinor, order.currency) : null,
    liableParty: isOffice(viewer) ? order.liableParty : null,
    deliveryAddress: canSeeAddress ? order.deliveryAddress : null,
    collectionCode: order.customerId === userId ? order.collectionCode : null,
  };
}

/** The same on the socket and in `events?after=`: what of an event a party may see. */
export function toEventView(event: OrderEventRecord, party: EventParty): OrderEventView {
  const { orderId, seq, type, at, actor } = event;
  const by = party === 'office' ? { actor: { role: actor.role, id: actor.id } } : {};
  return { orderId, seq, type: typeShownTo(party, type), at: at.toISOString(), data: shownTo(party, event), ...by };
}

function billPart({ items, pricing, coupon, amountDueMinor, amountRefundedMinor, currency }: OrderRecord) {
  return {
    items: toLineViews(items, pricing),
    pricing: toPricingView(pricing, coupon?.code ?? null),
    amountDue: money(amountDueMinor, currency),
    amountRefunded: money(amountRefundedMinor, currency),
  };
}
