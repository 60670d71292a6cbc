import { withTransaction } from '../../src/infra/mongo/index.ts';
import {
  createOrder,
  draftOrder,
  markOrderPaid,
  type NewOrder,
  type OrderRecord,
} from '../../src/modules/orders/index.ts';
import { acceptOrder } from '../../src/modules/orders/orders.service.ts';
import { deliveries, type DeliveryRecord } from '../../src/modules/deliveries/delivery.model.ts';
import { createDelivery as createDeliveryOf, startOffers } from '../../src/modules/deliveries/dispatch.service.ts';
import { acceptOffer } from '../../src/modules/deliveries/offers.service.ts';
import { offers, type OfferRecord } from '../../src/modules/deliveries/offer.model.ts';
import { recordDeliveryEvent, type DeliveryCommand } from '../../src/modules/deliveries/deliveries.service.ts';
import { handOverOrder } from '../../src/modules/deliveries/handover.service.ts';
import { now } from '../../src/shared/clock.ts';
import { couriers, type CourierRecord } from '../../src/modules/deliveries/courier.model.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { courierActor, createCourier } from './courier.ts';
import { getStoredOrder, idempotent, ownerActor, prepareNewOrder } from './order.ts';

export { customerActor, getStoredOrder, idempotent, ownerActor } from './order.ts';

/** Placed, paid and accepted through the real use cases: its log holds three events. */
export async function createAcceptedOrder(
  changes: Partial<NewOrder> = {},
  { prepMinutes = 5 }: { prepMinutes?: number } = {},
): Promise<OrderRecord> {
  const input = await prepareNewOrder(changes);
  await withTransaction((tx) => createOrder(tx, draftOrder(input)));
  await withTransaction((tx) => markOrderPaid(tx, input.orderId));
  const owner = ownerActor(input);
  await acceptOrder({ orderId: input.orderId, prepMinutes, idempotency: idempotent(owner, 'acceptOrder') }, owner);
  return getStoredOrder(input.orderId);
}

/** The delivery of an accepted order, waiting for T4. */
export async function createDelivery(changes: Partial<NewOrder> = {}): Promise<DeliveryRecord> {
  const order = await createAcceptedOrder(changes);
  await createDeliveryOf(order._id);
  return getStoredDelivery(order._id);
}

/** A delivery whose first round has gone to whoever was near. */
export async function createOfferingDelivery(changes: Partial<NewOrder> = {}): Promise<DeliveryRecord> {
  const { _id, orderId } = await createDelivery(changes);
  await startOffers(_id);
  return getStoredDelivery(orderId);
}

export interface Assigned {
  delivery: DeliveryRecord;
  courier: CourierRecord;
  actor: Actor;
  step: (command: DeliveryCommand) => Promise<void>;
}

/** A delivery that one courier has accepted. */
export async function createAssignedDelivery(
  changes: Partial<NewOrder> = {},
  courierChanges: Partial<CourierRecord> = {},
): Promise<Assigned> {
  const courier = await createCourier(courierChanges);
  const actor = courierActor(courier);
  const { _id: deliveryId, orderId } = await createOfferingDelivery(changes);
  const offer = await getStoredOffer(deliveryId, courier._id);
  await acceptOffer({ offerId: offer._id, idempotency: idempotent(actor, 'acceptOffer') }, actor);
  return {
    delivery: await getStoredDelivery(orderId),
    courier,
    actor,
    step: async (command) => {
      const idempotency = idempotent(actor, 'recordDeliveryEvent');
      await recordDeliveryEvent({ deliveryId, command, idempotency }, actor);
    },
  };
}

/** As far as the restaurant's counter. */
export async function createDeliveryAtPickup(
  changes: Partial<NewOrder> = {},
  courierChanges: Partial<CourierRecord> = {},
): Promise<Assigned> {
  const assigned = await createAssignedDelivery(changes, courierChanges);
  await assigned.step({ type: 'en_route_pickup' });
  await assigned.step({ type: 'arrived_pickup' });
  return { ...assigned, delivery: await getStoredDelivery(assigned.delivery.orderId) };
}

/** As far as the customer's door. */
export async function createDeliveryAtDropoff(
  changes: Partial<NewOrder> = {},
  courierChanges: Partial<CourierRecord> = {},
): Promise<Assigned> {
  const assigned = await createDeliveryAtPickup(changes, courierChanges);
  const { orderId, handoverCode } = assigned.delivery;
  await handOverOrder({ orderId, code: handoverCode }, ownerActor(await getStoredOrder(orderId)));
  const { dropoff } = assigned.delivery;
  const seen = { location: dropoff.location, locationAt: now() };
  await couriers().updateOne({ _id: assigned.courier._id }, { $set: seen });
  await assigned.step({ type: 'arrived_dropoff' });
  return { ...assigned, delivery: await getStoredDelivery(orderId) };
}

export async function getStoredDelivery(orderId: string): Promise<DeliveryRecord> {
  const delivery = await deliveries().findOne({ orderId });
  if (delivery === null) throw new Error('no such delivery');
  return delivery;
}

export async function getStoredOffer(deliveryId: string, courierId: string): Promise<OfferRecord> {
  const [offer] = await offers().find({ deliveryId, courierId }).sort({ round: -1 }).limit(1).toArray();
  if (offer === undefined) throw new Error('no such offer');
  return offer;
}

export function listStoredOffers(deliveryId: string): Promise<OfferRecord[]> {
  return offers().find({ deliveryId }).sort({ round: 1, rank: 1 }).toArray();
}
