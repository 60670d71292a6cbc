import { LIVE } from '../../src/modules/deliveries/delivery.machine.ts';
import { TERMINAL_STATUSES } from '../../src/modules/orders/order.machine.ts';
import { addMs } from '../../src/shared/clock.ts';
import type { DatabaseInvariant, OrderInvariant } from './types.ts';

const OVER = ['delivered', 'failed', 'returning', 'returned', 'cancelled'];

/** Who carries what. */
export const DELIVERY_ORDER_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'delivered-has-proof',
    source: 'domain 3',
    judge({ order, events, delivery, payment }) {
      if (order.status !== 'delivered') return [];
      if (delivery === null) return ['it is delivered without a delivery'];
      // Only the command that asks for the PIN writes this event in the courier's name.
      const proof = events.find(({ type }) => type === 'delivery.delivered');
      const isOfCourier = proof?.actor.role === 'courier' && proof.actor.id === delivery.courierId;
      const isCashThere = payment?.status !== 'cod_due';
      return [
        ...(isOfCourier && delivery.status === 'delivered' ? [] : ['no courier gave its PIN at the door']),
        ...(isCashThere ? [] : ['nobody took its cash']),
      ];
    },
  },
  {
    name: 'order-mirrors-delivery',
    source: 'domain 4, bar I9',
    judge({ order, delivery }) {
      const [status, courierId] = [delivery?.status ?? null, delivery?.courierId ?? null];
      return [
        ...(order.deliveryStatus === status ? [] : [`it says ${order.deliveryStatus}, its delivery is ${status}`]),
        ...(delivery === null || order.courierId === courierId ? [] : ['another courier has it than it says']),
      ];
    },
  },
  {
    name: 'end-stops-delivery',
    source: 'domain 4',
    judge({ order, delivery }, { at, graceMs }) {
      if (delivery === null || order.endedAt === null || addMs(order.endedAt, graceMs) > at) return [];
      return OVER.includes(delivery.status) || !TERMINAL_STATUSES.includes(order.status)
        ? []
        : [`it is ${order.status}, and its delivery ${delivery.status}`];
    },
  },
  {
    name: 'one-taker',
    source: 'bar I9',
    judge({ delivery, offers }) {
      if (delivery?.courierId == null) return [];
      const takers = new Set(
        offers
          .filter(({ status, courierId }) => status === 'accepted' && !delivery.releasedBy.includes(courierId))
          .map(({ courierId }) => courierId),
      );
      takers.delete(delivery.courierId);
      return takers.size === 0 ? [] : [`${takers.size + 1} couriers have accepted it`];
    },
  },
];

export const DELIVERY_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'courier-carries-one',
    source: 'domain 4, bar I9',
    async *find({ db }) {
      const loads = db
        .collection('deliveries')
        .aggregate<{ _id: string; count: number }>([
          { $match: { status: { $in: [...LIVE] } } },
          { $group: { _id: '$courierId', count: { $sum: 1 } } },
          { $match: { count: { $gt: 1 } } },
        ]);
      for await (const { _id: courier, count } of loads) {
        yield { ids: { courier }, problem: `carries ${count} deliveries at once` };
      }
    },
  },
  {
    name: 'courier-and-delivery-agree',
    source: 'domain 4, bar I9',
    async *find({ db }) {
      const busy = db
        .collection('couriers')
        .aggregate<{ _id: string; activeDeliveryId: string }>([
          { $match: { activeDeliveryId: { $ne: null } } },
          { $lookup: { from: 'deliveries', localField: 'activeDeliveryId', foreignField: '_id', as: 'delivery' } },
          { $match: { $expr: { $ne: ['$delivery.courierId', ['$_id']] } } },
        ]);
      for await (const { _id: courier, activeDeliveryId: delivery } of busy) {
        yield { ids: { courier, delivery }, problem: 'is at work on a delivery that is not theirs' };
      }
      const live = db
        .collection('deliveries')
        .aggregate<{ _id: string; courierId: string }>([
          { $match: { status: { $in: [...LIVE] } } },
          { $lookup: { from: 'couriers', localField: 'courierId', foreignField: '_id', as: 'courier' } },
          { $match: { $expr: { $ne: ['$courier.activeDeliveryId', ['$_id']] } } },
        ]);
      for await (const { _id: delivery, courierId } of live) {
        yield { ids: { delivery, courier: courierId }, problem: 'is carried by a courier who does not know of it' };
      }
    },
  },
];
