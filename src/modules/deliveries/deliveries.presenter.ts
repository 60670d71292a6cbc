import { fromGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { money, type Money } from '../../shared/money.ts';
import type { CourierRecord, CourierStatus, Vehicle } from './courier.model.ts';
import { BEFORE_PICKUP, type DeliveryStatus } from './delivery.machine.ts';
import type { DeliveryRecord } from './delivery.model.ts';
import type { OfferRecord, OfferStatus } from './offer.model.ts';
import type { Tracking } from './tracking.service.ts';

export interface CourierView {
  id: string;
  vehicle: Vehicle;
  status: CourierStatus;
  isOnline: boolean;
  activeDeliveryId: string | null;
  location: GeoPoint | null;
  locationAt: string | null;
}

export function toCourierView(courier: CourierRecord): CourierView {
  const { _id: id, vehicle, status, isOnline, activeDeliveryId, location, locationAt } = courier;
  return {
    id,
    vehicle,
    status,
    isOnline,
    activeDeliveryId,
    location: location === null ? null : fromGeoJson(location),
    locationAt: locationAt?.toISOString() ?? null,
  };
}

export interface OfferView {
  id: string;
  deliveryId: string;
  orderId: string;
  status: OfferStatus;
  pickup: { name: string; location: GeoPoint };
  distanceMeters: number;
  tripMeters: number;
  fee: Money;
  expiresAt: string;
}

/** What a courier may know before accepting: nothing of the customer but the length of the way. */
export function toOfferView(offer: OfferRecord): OfferView {
  const { _id: id, deliveryId, orderId, status, pickup, distanceMeters, tripMeters } = offer;
  const fee = money(offer.feeMinor, offer.currency);
  const expiresAt = offer.expiresAt.toISOString();
  return { id, deliveryId, orderId, status, pickup, distanceMeters, tripMeters, fee, expiresAt };
}

export interface AssignmentView {
  deliveryId: string;
  orderId: string;
  status: DeliveryStatus;
  version: number;
}

/** The answer of the courier's commands. It is stored for replays, so it holds no address and no code. */
export function toAssignmentView({ _id, orderId, status, version }: DeliveryRecord): AssignmentView {
  return { deliveryId: _id, orderId, status, version };
}

/** For the courier who carries it. The PIN is the customer's to show. */
export function toDeliveryView({ delivery, cashMinor }: { delivery: DeliveryRecord; cashMinor: number | null }) {
  const { pickup, dropoff, status } = delivery;
  return {
    id: delivery._id,
    orderId: delivery.orderId,
    orderNumber: delivery.orderNumber,
    status,
    version: delivery.version,
    pickup: { ...pickup, location: fromGeoJson(pickup.location) },
    dropoff: { ...dropoff, location: fromGeoJson(dropoff.location) },
    tripMeters: delivery.tripMeters,
    fee: money(delivery.feeMinor, delivery.currency),
    cashToCollect: cashMinor === null ? null : money(cashMinor, delivery.currency),
    readyEta: delivery.readyEta.toISOString(),
    handoverCode: BEFORE_PICKUP.includes(status) || status === 'returning' ? delivery.handoverCode : null,
    assignedAt: delivery.assignedAt?.toISOString() ?? null,
    pickedUpAt: delivery.pickedUpAt?.toISOString() ?? null,
  };
}

export function toTrackingView({ order, delivery, courier, eta, proof, deliveryPin }: Tracking) {
  return {
    orderId: order._id,
    status: order.status,
    deliveryStatus: delivery?.status ?? null,
    courier: courier === null ? null : { ...courier, locationAt: courier.locationAt?.toISOString() ?? null },
    eta: eta === null ? null : { from: eta.from.toISOString(), to: eta.to.toISOString() },
    promisedAt: order.promisedAt.toISOString(),
    proof,
    deliveryPin,
  };
}
