import { addMs, now } from '../../../src/shared/clock.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import type { OwnershipRow, OwnershipRows } from './ownership-row.ts';

const DELIVERY = {
  ...{ deliveryRadiusMeters: 2_000, feeBands: [{ upToMeters: 3_000, feeMinor: 2_000 }] },
  ...{ minimumOrderMinor: 0, freeDeliveryOverMinor: null, areas: [] },
};

/** Of the console's hours, closures, state, areas and capacity: each is the restaurant's own. */
export const HOURS_AND_AREAS_ROWS: OwnershipRows = {
  'put /restaurants/:restaurantId/hours': own({ hours: [] }),
  'post /restaurants/:restaurantId/closures': { ...own({ date: nextYear() }), isOnce: true },
  'delete /restaurants/:restaurantId/closures/:date': { ...own(), isName: true, isOnce: true },
  'put /restaurants/:restaurantId/state': own({ state: 'open' }),
  'put /restaurants/:restaurantId/delivery': own(DELIVERY),
  'put /restaurants/:restaurantId/capacity': own({ capacity: null }),
};

function own(body?: object): OwnershipRow {
  return {
    entitled: ['owner'],
    make: async ({ owner }) => {
      // Closed on a date only where that is what the call is about.
      const exceptions = body === undefined ? [{ date: nextYear(), spans: [] }] : [];
      const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId, exceptions });
      return { params: { restaurantId, date: nextYear() }, ...(body && { body }) };
    },
  };
}

/** A date that lies ahead wherever the clock of a test stands. */
function nextYear(): string {
  return addMs(now(), 365 * 86_400_000)
    .toISOString()
    .slice(0, 10);
}
