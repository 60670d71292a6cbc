import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { DEMO_RESTAURANT, LIGHTHOUSE, type Spot } from './geography.ts';
import { closedForRenovation, everyDay } from './hours.ts';

/** What makes a restaurant different from a generated one. */
export interface Special {
  name?: string;
  cuisine?: string;
  ownerIndex?: number;
  spot?: Spot;
  addressLine?: string;
  terms?: (now: Date) => Partial<RestaurantRow>;
}

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
];
