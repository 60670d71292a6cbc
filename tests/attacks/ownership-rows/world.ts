import { addFavourite } from '../../../src/modules/users/favourites.service.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { fromGeoJson } from '../../../src/shared/geo.ts';
import { createBrand } from '../../factories/brand.ts';
import { createCourier } from '../../factories/courier.ts';
import { createAssignedDelivery, createOfferingDelivery, getStoredOffer } from '../../factories/delivery.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createIdentity } from '../../factories/identity.ts';
import { buildNewOrder } from '../../factories/order.ts';
import { createCapturedOrder, createCard, createRefund } from '../../factories/refund.ts';
import { createRestaurant, metersNorth } from '../../factories/restaurant.ts';
import { quoteFor } from '../../support/checkout.ts';
import { createKitchen } from '../../support/kitchen.ts';
import type { Login } from '../../support/log-in.ts';
import { address, pushDevice } from './account-rows.ts';
import { partyIds, type Parties } from './ownership-row.ts';

/**
 * One of everything, for lists, in a town of its own: the courier carries one delivery, `scout` has an offer for another.
 * @returns every id that nobody of another town may see
 */
export async function makeWorld(parties: Parties & { scout: Login }, metersAway: number): Promise<string[]> {
  const { customer, owner, courier, scout } = parties;
  const there = metersNorth(metersAway);
  const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, location: there });
  const local = {
    ...partyIds(parties),
    restaurantId,
    restaurant: { ...buildNewOrder().restaurant, location: fromGeoJson(there) },
  };
  const carried = await createAssignedDelivery(local, { _id: courier.userId, location: there });
  await createCourier({ _id: scout.userId, location: there });
  const open = await createOfferingDelivery(local);
  const { _id: offerId } = await getStoredOffer(open._id, scout.userId);
  const { params } = await address()(parties);
  const phone = await pushDevice(parties);
  await addFavourite(restaurantId, customer.userId);
  const kitchen = await createKitchen({ ownerId: owner.userId });
  await createEarning({ restaurant: owner.userId, amountMinor: 700 });
  await runPayouts();
  await createEarning({ courier: courier.userId, amountMinor: 700 });
  const { _id: cardId } = await createCard({ userId: customer.userId });
  const refunded = await createCapturedOrder(local);
  const { _id: refundId } = await createRefund(refunded);
  const { _id: brandId } = await createBrand({ ownerId: owner.userId });
  const { _id: quoteId } = await quoteFor(kitchen, customer.userId);
  // Its own id is not shown.
  const { email } = await createIdentity({ userId: customer.userId });
  return [
    ...[customer, owner, courier, scout].flatMap(({ userId, sessionId }) => [userId, sessionId]),
    ...[
      restaurantId,
      quoteId,
      brandId,
      cardId,
      refundId,
      kitchen.restaurantId,
      kitchen.lassi.id,
      offerId,
      ...Object.values(params),
      ...Object.values(phone.params),
    ],
    ...(email === null ? [] : [email]),
    ...[refunded._id, open._id, open.orderId, carried.delivery._id, carried.delivery.orderId],
  ];
}
