import { money, type Money } from '../../shared/money.ts';
import type { OrderEventRecord } from './order-event.model.ts';
import { displayStatusOf, type OrderStatus } from './order.machine.ts';
import type { OrderAddress, OrderItem, OrderRecord, OrderRestaurant } from './order.model.ts';
import { canSeeTotals, isOffice, type OrderViewer } from './order.policy.ts';

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
  restaurant: OrderRestaurant;
  items: {
    itemId: string;
    name: string;
    quantity: number;
    size: { sizeId: string; name: string; price: Money } | null;
    options: { optionId: string; name: string; price: Money }[];
    unitPrice: Money;
    lineTotal: Money;
    note: string | null;
  }[];
  /** Null for the courier and for the kitchen, whom the bill does not concern. */
  totals: Record<'items' | 'deliveryFee' | 'serviceFee' | 'tax' | 'tip' | 'total', Money> | null;
  payment: { id: string; status: string };
  deliveryStatus: string | null;
  /** Null for the restaurant, and for the courier once the delivery has ended. */
  deliveryAddress: OrderAddress | null;
  distanceMeters: number;
  notes: string | null;
  reason: string | null;
  prepMinutes: number | null;
  readyEta: string | null;
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
  return { ...agreedPart(order), ...currentPart(order), ...personalPart(order, viewer) };
}

/** What was agreed when the order was placed. */
function agreedPart(order: OrderRecord) {
  const { number, customerId, restaurantId, restaurant, distanceMeters, notes, currency } = order;
  return {
    id: order._id,
    ...{ number, customerId, restaurantId, restaurant, distanceMeters, notes },
    items: order.items.map((item) => toItemView(item, currency)),
    promisedAt: order.promisedAt.toISOString(),
    createdAt: order.createdAt.toISOString(),
  };
}

/** The lines of a quote look the same. */
export function toItemView(item: OrderItem, currency: string): OrderView['items'][number] {
  const { size } = item;
  return {
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

/** Where it stands. */
function currentPart(order: OrderRecord) {
  const { status, version, courierId, deliveryStatus, reason, prepMinutes } = order;
  return {
    ...{ status, version, courierId, deliveryStatus, reason, prepMinutes },
    displayStatus: displayStatusOf(status, deliveryStatus),
    lastSeq: order.eventSeq,
    payment: { id: order.paymentId, status: order.paymentStatus },
    readyEta: order.readyEta?.toISOString() ?? null,
    placedAt: order.placedAt?.toISOString() ?? null,
    endedAt: order.endedAt?.toISOString() ?? null,
  };
}

/** What not every party may see. */
function personalPart(order: OrderRecord, viewer: OrderViewer) {
  const { userId } = viewer;
  const isCarrying = order.courierId === userId && order.endedAt === null;
  const canSeeAddress = isOffice(viewer) || order.customerId === userId || isCarrying;
  return {
    totals: canSeeTotals(order, viewer) ? totalsOf(order) : null,
    deliveryAddress: canSeeAddress ? order.deliveryAddress : null,
  };
}

/** The same form on the socket and in `events?after=`. */
export function toEventView(event: OrderEventRecord): OrderEventView {
  const { orderId, seq, type, at, data } = event;
  return { orderId, seq, type, at: at.toISOString(), data };
}

function totalsOf({ pricing, currency }: OrderRecord): NonNullable<OrderView['totals']> {
  return {
    items: money(pricing.itemsMinor, currency),
    deliveryFee: money(pricing.deliveryFeeMinor, currency),
    serviceFee: money(pricing.serviceFeeMinor, currency),
    tax: money(pricing.taxMinor, currency),
    tip: money(pricing.tipMinor, currency),
    total: money(pricing.totalMinor, currency),
  };
}
