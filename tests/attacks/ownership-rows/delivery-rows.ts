import { createCourier } from '../../factories/courier.ts';
import {
  createAssignedDelivery,
  createDeliveryAtDropoff,
  createDeliveryAtPickup,
  createOfferingDelivery,
  getStoredDelivery,
  getStoredOffer,
  type Assigned,
} from '../../factories/delivery.ts';
import { withPicture } from './image-rows.ts';
import { partyIds, type OwnershipRows, type Parties, type Resource } from './ownership-row.ts';

/** Of offers and deliveries. */
export const DELIVERY_ROWS: OwnershipRows = {
  'post /offers/:offerId/accept': { entitled: ['courier'], make: offer },
  'post /offers/:offerId/decline': { entitled: ['courier'], make: offer },
  'post /deliveries/:deliveryId/events': { entitled: ['courier'], make: delivery({ type: 'en_route_pickup' }) },
  'put /deliveries/:deliveryId/proof': { entitled: ['courier'], make: withPicture(atTheDoor, 'proof') },
  'post /deliveries/:deliveryId/handover-code': { entitled: ['courier'], make: delivery() },
};

async function assigned(create: typeof createAssignedDelivery, parties: Parties): Promise<Assigned['delivery']> {
  const made = await create(partyIds(parties), { _id: parties.courier.userId });
  return made.delivery;
}

export async function onItsWay(parties: Parties): Promise<Resource> {
  const { orderId } = await assigned(createAssignedDelivery, parties);
  return { params: { orderId } };
}

export async function atPickup(parties: Parties): Promise<Resource> {
  const { orderId, handoverCode } = await assigned(createDeliveryAtPickup, parties);
  return { params: { orderId }, body: { code: handoverCode } };
}

export async function comingBack(parties: Parties): Promise<Resource> {
  const made = await createDeliveryAtDropoff(partyIds(parties), { _id: parties.courier.userId });
  await made.step({ type: 'failed', reason: 'unsafe_place', disposal: 'return' });
  const { orderId, handoverCode } = await getStoredDelivery(made.delivery.orderId);
  return { params: { orderId }, body: { code: handoverCode } };
}

export async function failing(parties: Parties): Promise<Resource> {
  // Made once for each of the office: a courier carries one at a time.
  const { orderId } = (await createDeliveryAtDropoff(partyIds(parties))).delivery;
  return { params: { orderId }, body: { reason: 'unsafe_place', disposal: 'discard' } };
}

function delivery(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { _id } = await assigned(createAssignedDelivery, parties);
    return { params: { deliveryId: _id }, ...(body && { body }) };
  };
}

async function atTheDoor(parties: Parties): Promise<Resource> {
  const { _id } = await assigned(createDeliveryAtDropoff, parties);
  return { params: { deliveryId: _id } };
}

async function offer(parties: Parties): Promise<Resource> {
  await createCourier({ _id: parties.courier.userId });
  const { _id } = await createOfferingDelivery(partyIds(parties));
  return { params: { offerId: (await getStoredOffer(_id, parties.courier.userId))._id } };
}
