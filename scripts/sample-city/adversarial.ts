import { idFrom } from '../../src/shared/ids.ts';
import { DEFAULT_SEED } from './generate-city.ts';
import { SPECIAL_ITEMS } from './special-items.ts';

const seed = DEFAULT_SEED;
const restaurant = (index: number): string => idFrom(seed, 'restaurant', index);
const courier = (index: number): string => idFrom(seed, 'courier', index);
const address = (position: number): string => idFrom(seed, 'address', 0, position);
const table = restaurant(0);

/**
 * The rows of domain.md section 6 that break naive code, each by what it is for; an item goes by its name at its restaurant. Those
 * beyond the first eight restaurants are in `demo` alone. Each is used by a test, which a test sees to.
 */
export const ADVERSARIAL = {
  openPastMidnight: { restaurantId: restaurant(1) },
  splitShifts: { restaurantId: restaurant(2) },
  closedByException: { restaurantId: restaurant(3) },
  paused: { restaurantId: restaurant(4) },
  withoutDecimals: { restaurantId: restaurant(5) },
  emojiName: { restaurantId: restaurant(6) },
  noCourierInRange: { restaurantId: restaurant(7), addressId: address(2) },
  rightToLeftName: { restaurantId: restaurant(7) },
  veryLongName: { restaurantId: restaurant(8) },
  busy: { restaurantId: restaurant(9) },
  suspended: { restaurantId: restaurant(10) },
  draft: { restaurantId: restaurant(11) },
  capacityFull: { restaurantId: restaurant(12) },
  collectionOnly: { restaurantId: restaurant(13) },
  termsByArea: { restaurantId: restaurant(14) },
  outsideAreas: { restaurantId: restaurant(14), addressId: address(3) },
  outsideRadius: { restaurantId: table, addressId: address(1) },
  minimumJustMissed: { restaurantId: table, itemName: SPECIAL_ITEMS.belowMinimum },
  requiredGroup: { restaurantId: table, itemName: SPECIAL_ITEMS.soldOutOption },
  optionSoldOut: { restaurantId: table, itemName: SPECIAL_ITEMS.soldOutOption },
  itemSoldOut: { restaurantId: table, itemName: SPECIAL_ITEMS.soldOut },
  itemSwitchedOff: { restaurantId: table, itemName: SPECIAL_ITEMS.switchedOff },
  lastPortion: { restaurantId: table, itemName: SPECIAL_ITEMS.lastPortion },
  outsideMealtime: { restaurantId: table, itemName: SPECIAL_ITEMS.lunchOnly },
  awkwardPrice: { restaurantId: table, itemName: SPECIAL_ITEMS.awkwardPrice },
  couriersAtEqualDistance: { restaurantId: table, courierIds: [courier(1), courier(2)] },
  courierWithOldFix: { restaurantId: table, courierIds: [courier(3)] },
  couponAtLastUse: { restaurantId: table, code: 'LASTONE' },
  /** A payment of the history: half of it was given back. */
  partlyRefunded: { paymentStatus: 'partially_refunded' },
} as const;

export const DEMO_ADDRESS_ID = address(0);
