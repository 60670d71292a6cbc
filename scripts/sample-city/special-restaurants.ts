import type { DeliveryAreaRow, RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { areaOf, DEMO_RESTAURANT, LIGHTHOUSE, type Spot } from './geography.ts';
import { closedForRenovation, everyDay } from './hours.ts';

/** What makes a restaurant different from a generated one. */
export interface Special {
  name?: string;
  cuisine?: string;
  ownerIndex?: number;
  spot?: Spot;
  addressLine?: string;
  /** Branches of one brand carry its slug. */
  brand?: string;
  terms?: (now: Date) => Partial<RestaurantRow>;
}

/** The eastern edge of the widest delivery area of Two Banks Cantina. */
export const AREA_EDGE_EAST = 3_200;

const minutesAfter = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

/** Plain fees in yen, tax included. */
const JAPANESE_TERMS: Partial<RestaurantRow> = {
  currency: 'JPY',
  minimumOrderMinor: 1_000,
  feeBands: [
    { upToMeters: 3_000, feeMinor: 250 },
    { upToMeters: 7_000, feeMinor: 450 },
  ],
  freeDeliveryOverMinor: 5_000,
  serviceFeeMinor: 50,
  taxRates: { food: 800, beverage: 800, packaged: 800, alcohol: 1_000, delivery: 1_000, service: 1_000 },
  pricesIncludeTax: true,
};

function rectangle([west, south]: Spot, [east, north]: Spot): DeliveryAreaRow['polygon'] {
  return areaOf([
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]);
}

/** Cheaper near by and for larger orders; on the other bank a higher minimum. The demo's address lies in the first. */
const TWO_BANKS: DeliveryAreaRow[] = [
  {
    id: 'this-bank',
    name: 'This bank',
    polygon: rectangle([-1_000, -700], [1_600, 1_000]),
    minimumOrderMinor: 9_900,
    freeDeliveryOverMinor: 69_900,
    feeBands: [
      { upToMeters: 1_500, feeMinor: 2_500 },
      { upToMeters: 1_500, fromSubtotalMinor: 29_900, feeMinor: 1_500 },
      { upToMeters: 4_000, feeMinor: 3_900 },
      { upToMeters: 4_000, fromSubtotalMinor: 29_900, feeMinor: 2_900 },
    ],
  },
  {
    id: 'other-bank',
    name: 'The other bank',
    polygon: rectangle([-2_600, -1_400], [AREA_EDGE_EAST, 1_450]),
    minimumOrderMinor: 29_900,
    freeDeliveryOverMinor: null,
    feeBands: [{ upToMeters: 9_000, feeMinor: 6_900 }],
  },
];

const LONG_NAME =
  'The Grand Old Saffron Bay Harbour Masters’ Widows’ and Orphans’ Benevolent Society Canteen, Tea Room and All-Day Breakfast Establishment';

/**
 * The adversarial rows of domain.md section 6, at fixed places in the list; the first eight are the whole of `tiny`. The demo's
 * restaurant never closes: whenever the demo is played, somebody near its address is open.
 */
export const SPECIALS: readonly Special[] = [
  {
    name: 'The Saffron Table',
    cuisine: 'north-indian',
    spot: DEMO_RESTAURANT,
    addressLine: '7 Customs House Road, Harbour Quarter, Saffron Bay 990001',
    terms: () => ({
      hours: everyDay('always'),
      deliveryRadiusMeters: 3_000,
      minimumOrderMinor: 14_900,
      prepMinutes: 18,
      pricesIncludeTax: false,
      freeDeliveryOverMinor: 79_900,
      serviceFeeMinor: 500,
    }),
  },
  // Open past midnight.
  {
    name: 'Midnight Biryani House',
    cuisine: 'biryani',
    spot: [-300, 600],
    terms: () => ({ hours: everyDay('night') }),
  },
  // Split shifts.
  {
    name: 'Coconut Grove Tiffins',
    cuisine: 'south-indian',
    spot: [700, -250],
    terms: () => ({ hours: everyDay('split') }),
  },
  // Closed today by exception.
  {
    name: 'Harvest Hall',
    cuisine: 'gujarati',
    spot: [-650, -400],
    terms: (now) => ({ hours: everyDay('always'), exceptions: closedForRenovation(now) }),
  },
  // Paused for 20 minutes.
  {
    name: 'Jade Wok',
    cuisine: 'indo-chinese',
    spot: [250, -700],
    terms: (now) => ({ hours: everyDay('always'), pausedUntil: minutesAfter(now, 20) }),
  },
  // Money without decimals.
  {
    name: 'Hoshi Sushi',
    cuisine: 'japanese',
    spot: [900, 500],
    terms: () => ({ ...JAPANESE_TERMS, hours: everyDay('standard'), deliveryRadiusMeters: 4_000 }),
  },
  // A name with pictures, and inclusive prices with awkward endings.
  {
    name: 'Piazza Pronto 🍕🔥',
    cuisine: 'pizza',
    spot: [-150, -150],
    terms: () => ({ hours: everyDay('standard'), pricesIncludeTax: true }),
  },
  // Written from right to left, and out of every courier's reach.
  {
    name: 'مطعم المنارة',
    cuisine: 'middle-eastern',
    spot: LIGHTHOUSE,
    addressLine: '1 Lighthouse Steps, Lighthouse Island, Saffron Bay 990009',
    terms: () => ({ hours: everyDay('always'), deliveryRadiusMeters: 2_500 }),
  },
  { name: LONG_NAME, cuisine: 'cafe', spot: [500, 900], terms: () => ({ hours: everyDay('daytime') }) },
  // Busy: open, but slower.
  {
    name: 'Rush Hour Burgers',
    cuisine: 'burgers',
    spot: [-800, 200],
    terms: (now) => ({ hours: everyDay('always'), busyUntil: minutesAfter(now, 45) }),
  },
  // Suspended: known, but not on sale.
  { name: 'The Shuttered Spoon', cuisine: 'bengali', terms: () => ({ status: 'suspended' }) },
  // Never published.
  { name: 'Opening Soon Cantina', cuisine: 'mexican', terms: () => ({ status: 'draft' }) },
  // One order in half an hour: the next is one too many.
  {
    name: 'One Oven Pizza',
    cuisine: 'pizza',
    spot: [-100, 500],
    terms: () => ({
      hours: everyDay('always'),
      capacity: { slotMinutes: 30, maxOrders: 1 },
      deliveryRadiusMeters: 3_000,
      minimumOrderMinor: 0,
    }),
  },
  // Nobody brings it.
  {
    name: 'Counter Only Grill',
    cuisine: 'burgers',
    spot: [350, 100],
    terms: () => ({ hours: everyDay('always'), modes: ['collection'] }),
  },
  // Areas of its own instead of a radius.
  {
    name: 'Two Banks Cantina',
    cuisine: 'mexican',
    spot: [300, -150],
    terms: () => ({ hours: everyDay('always'), deliveryAreas: TWO_BANKS }),
  },
];

/** Houses of one owner under one name, at places where their cuisine comes round. */
export const BRANCHES: Readonly<Record<number, Special>> = {
  15: { name: 'Green Tiffin Harbour', brand: 'green-tiffin', ownerIndex: 15, spot: [1_100, -600] },
  33: { name: 'Green Tiffin Lantern Hill', brand: 'green-tiffin', ownerIndex: 15, spot: [1_500, 2_600] },
  51: { name: 'Green Tiffin Beach', brand: 'green-tiffin', ownerIndex: 15, spot: [2_600, -2_900] },
  30: { name: 'Forno Fratelli Mango Gardens', brand: 'forno-fratelli', ownerIndex: 30, spot: [-3_300, 2_700] },
  48: { name: 'Forno Fratelli Mill Bank', brand: 'forno-fratelli', ownerIndex: 30, spot: [-3_200, -3_000] },
};
