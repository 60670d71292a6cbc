import {
  canTransition as canMoveDelivery,
  DELIVERY_TRANSITIONS,
  type DeliveryTransition,
} from '../../../src/modules/deliveries/delivery.machine.ts';
import type { DeliveryRecord } from '../../../src/modules/deliveries/delivery.model.ts';
import type { OfferRecord } from '../../../src/modules/deliveries/offer.model.ts';
import type { OrderEventType } from '../../../src/modules/orders/order.events.ts';
import type { EventActor, OrderEventRecord } from '../../../src/modules/orders/order-event.model.ts';
import {
  canTransition,
  TERMINAL_STATUSES,
  transitionOf,
  type TransitionName,
} from '../../../src/modules/orders/order.machine.ts';
import type { OrderRecord } from '../../../src/modules/orders/order.model.ts';
import { canMovePayment, type PaymentStatus } from '../../../src/modules/payments/payment.machine.ts';
import type { PaymentRecord } from '../../../src/modules/payments/payment.model.ts';
import { changesOf } from '../../../src/modules/orders/replay/order-fields.ts';
import type { RefundRecord } from '../../../src/modules/payments/refunds/refund.model.ts';
import { rowId } from './row-id.ts';

/** The rows of one order. */
export interface OrderRows {
  order: OrderRecord;
  events: OrderEventRecord[];
  payment: PaymentRecord;
  refund: RefundRecord | null;
  delivery: DeliveryRecord | null;
  offers: OfferRecord[];
}

export const SYSTEM: EventActor = { role: 'system', id: null };

interface Entry {
  at: Date;
  actor: EventActor;
  data?: Record<string, unknown>;
}

interface PaymentStep {
  at: Date;
  /** Null: the event alone, the payment stays where it is. */
  to: PaymentStatus | null;
  set?: Partial<PaymentRecord>;
}

/**
 * Writes the rows of an order as the code would have: each step is one of the three machines' tables, and what they forbid is a fault
 * of the story.
 */
export class OrderLog {
  readonly rows: OrderRows;

  constructor(order: OrderRecord, payment: PaymentRecord) {
    this.rows = { order: { ...order, eventSeq: 0 }, events: [], payment, refund: null, delivery: null, offers: [] };
    const entry = { at: order.createdAt, actor: { role: 'customer', id: order.customerId } } as const;
    this.append('order.created', entry, { own: { status: order.status }, set: changesOf(order) });
  }

  take(name: TransitionName, entry: Entry & { set?: Partial<OrderRecord> }): void {
    const { order } = this.rows;
    const { to, event, actors } = transitionOf(name);
    if (!canTransition(name, order.status) || !actors.includes(entry.actor.role)) {
      throw new Error(`${entry.actor.role} may not take ${name} of an order that is ${order.status}`);
    }
    const set = { ...entry.set, status: to, ...(TERMINAL_STATUSES.includes(to) ? { endedAt: entry.at } : {}) };
    Object.assign(order, set, { version: order.version + 1 });
    this.append(event, entry, { own: { status: to }, set });
  }

  pay(event: OrderEventType, { at, to, set }: PaymentStep): void {
    const { order, payment } = this.rows;
    if (to !== null && !canMovePayment(payment.status, to))
      throw new Error(`a ${payment.status} payment cannot be ${to}`);
    Object.assign(payment, set, { status: to ?? payment.status, updatedAt: at });
    const { status: paymentStatus, amountRefundedMinor } = payment;
    const mirrored = { paymentStatus, amountRefundedMinor };
    Object.assign(order, mirrored);
    this.append(event, { at, actor: SYSTEM }, { own: { paymentStatus }, set: mirrored });
  }

  bring(delivery: DeliveryRecord): void {
    this.rows.delivery = delivery;
    const set = { deliveryStatus: delivery.status };
    Object.assign(this.rows.order, set);
    this.append('delivery.created', { at: delivery.createdAt, actor: SYSTEM }, { own: set, set });
  }

  move(name: DeliveryTransition, entry: Entry & { set?: Partial<DeliveryRecord>; courierId?: string }): void {
    const { order, delivery } = this.rows;
    const { to, event } = DELIVERY_TRANSITIONS[name];
    if (delivery === null || !canMoveDelivery(name, delivery.status)) throw new Error(`no delivery can ${name} now`);
    Object.assign(delivery, entry.set, { status: to, version: delivery.version + 1, updatedAt: entry.at });
    const { courierId } = entry;
    const set = { deliveryStatus: to, ...(courierId === undefined ? {} : { courierId }) };
    Object.assign(order, set);
    this.append(event, entry, { own: { deliveryStatus: to }, set });
  }

  private append(type: OrderEventType, { at, actor, data }: Entry, { own, set }: Happened): void {
    const { order, events } = this.rows;
    order.eventSeq += 1;
    order.updatedAt = at;
    const seq = order.eventSeq;
    const _id = rowId('event', order._id, seq);
    events.push({ _id, orderId: order._id, seq, type, actor, data: { ...own, ...data }, changes: changesOf(set), at });
  }
}

interface Happened {
  own: Record<string, unknown>;
  /** Fields of the order. */
  set: Partial<OrderRecord>;
}
