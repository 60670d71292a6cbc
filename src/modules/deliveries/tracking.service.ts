import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { fromGeoJson, type GeoPoint } from '../../shared/geo.ts';
import type { Picture } from '../../shared/picture.ts';
import { getOrderFor, type OrderRecord } from '../orders/index.ts';
import { getUser } from '../users/index.ts';
import { couriers, type CourierRecord, type Vehicle } from './courier.model.ts';
import { estimateArrival, type EtaWindow } from './delivery-eta.ts';
import { BEFORE_ASSIGNMENT, LIVE } from './delivery.machine.ts';
import { deliveries, type DeliveryRecord } from './delivery.model.ts';
import { shareableLocation } from './location.policy.ts';

export interface Tracking {
  order: OrderRecord;
  delivery: DeliveryRecord | null;
  courier: { name: string; vehicle: Vehicle; location: GeoPoint | null; locationAt: Date | null } | null;
  eta: EtaWindow | null;
  /** For the customer and the office. */
  proof: Picture | null;
  /** For the customer alone, while a courier may ask for it. */
  deliveryPin: string | null;
}

/** @throws AppError `not_found` for everybody who is no party to the order */
export async function getTracking(orderId: string, actor: Actor): Promise<Tracking> {
  const order = await getOrderFor(orderId, actor);
  const delivery = await deliveries().findOne({ orderId });
  if (delivery === null) return { order, delivery, courier: null, eta: null, proof: null, deliveryPin: null };
  const courier = delivery.courierId === null ? null : await couriers().findOne({ _id: delivery.courierId });
  return {
    order,
    delivery,
    courier: courier === null ? null : await toSeenCourier(delivery, courier),
    eta: etaOf(delivery, courier),
    proof: canSeeProof(order, actor) ? (delivery.proof ?? null) : null,
    deliveryPin: order.customerId === actor.userId && isOpen(delivery) ? delivery.pin : null,
  };
}

function canSeeProof(order: OrderRecord, { userId, roles }: Actor): boolean {
  return order.customerId === userId || roles.includes('support') || roles.includes('admin');
}

async function toSeenCourier(delivery: DeliveryRecord, courier: CourierRecord): Promise<Tracking['courier']> {
  const { name } = await getUser(courier._id);
  const location = courier.location === null ? null : shareableLocation(delivery.status, fromGeoJson(courier.location));
  const firstName = name.split(' ')[0] ?? name;
  return { name: firstName, vehicle: courier.vehicle, location, locationAt: location && courier.locationAt };
}

function etaOf(delivery: DeliveryRecord, courier: CourierRecord | null): EtaWindow | null {
  const { status, readyEta, pickup, dropoff, tripMeters } = delivery;
  return estimateArrival({
    at: now(),
    status,
    readyEta,
    pickup: fromGeoJson(pickup.location),
    dropoff: fromGeoJson(dropoff.location),
    tripMeters,
    courier: courier?.location ? fromGeoJson(courier.location) : null,
  });
}

function isOpen({ status }: DeliveryRecord): boolean {
  return BEFORE_ASSIGNMENT.includes(status) || LIVE.includes(status);
}
