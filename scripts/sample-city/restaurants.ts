import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import { derivedFields } from '../../src/modules/restaurants/derived-fields.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { gstinOf } from '../../src/shared/tax-number.ts';
import { CUISINES, cuisineOf, type Cuisine } from './cuisines/index.ts';
import { addressIn, pointAt, spotIn, ZONES, zoneFor, type Spot, type Zone } from './geography.ts';
import { someHours } from './hours.ts';
import { phoneOf } from './people.ts';
import { Random } from './random.ts';
import { tileNameOf, tilePicture } from './pictures.ts';
import { BRANCHES, SPECIALS, type Special } from './special-restaurants.ts';
import type { CityInput } from './types.ts';

const FIRST_WORDS = [
  'Amma’s',
  'Blue Door',
  'Golden',
  'Grand',
  'Green Leaf',
  'Hidden',
  'Little',
  'Monsoon',
  'Old Harbour',
  'Paper Lantern',
  'Pepper Street',
  'Red Brick',
  'Royal',
  'Salt & Lime',
  'Second Bridge',
  'Seven Steps',
  'Silver Spoon',
  'Sunday',
  'Tamarind',
  'The Corner',
  'Uncle Farook’s',
  'Velvet',
  'White Sail',
  'Yellow Umbrella',
];

/** By road. Cut to the band that still reaches the edge of the delivery radius. */
const FEE_BANDS = [
  { upToMeters: 1_500, rupees: 19 },
  { upToMeters: 3_000, rupees: 29 },
  { upToMeters: 5_000, rupees: 45 },
  { upToMeters: 8_000, rupees: 69 },
];
const ROAD_FACTOR = 1.35;
/** Samples, not tax advice. */
const SAMPLE_TAX_RATES = {
  food: 500,
  beverage: 1_200,
  packaged: 1_200,
  alcohol: 1_800,
  delivery: 1_800,
  service: 1_800,
  // Part of what it holds.
  packaging: 500,
};

/** What a cuisine looks like in a list. */
const SIGNATURE_DISHES: Record<string, string> = {
  'north-indian': 'masala',
  'south-indian': 'dosa',
  biryani: 'biryani',
  'street-food': 'pav',
  seafood: 'fish',
  gujarati: 'puri',
  bengali: 'fish',
  'indo-chinese': 'momo',
  thai: 'pad',
  japanese: 'sushi',
  'middle-eastern': 'kebab',
  italian: 'pasta',
  pizza: 'pizza',
  burgers: 'burger',
  mexican: 'taco',
  healthy: 'salad',
  bakery: 'cake',
  cafe: 'coffee',
};

export function generateRestaurants(city: CityInput, count: number): RestaurantRow[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const row = restaurantRow(city, index, SPECIALS[index] ?? BRANCHES[index] ?? {});
    row.slug = freeSlug(row.name, index, taken);
    return row;
  });
}

/** What most have in common. */
export const ORDINARY = {
  brandId: null,
  modes: ['delivery' as const],
  deliveryAreas: [],
  capacity: null,
  status: 'live' as const,
  submittedAt: null,
  liveAt: null,
  statusReason: null,
  // Both follow from the history.
  rating: { average: 0, count: 0, sum: 0 },
  popularity: 0,
  imageId: null,
};

function restaurantRow(city: CityInput, index: number, special: Special): RestaurantRow {
  const random = new Random(city.seed, 'restaurant', index);
  const cuisine = special.cuisine === undefined ? nextCuisine(index) : cuisineOf(special.cuisine);
  const second = random.chance(0.35) ? random.pick(CUISINES).slug : cuisine.slug;
  const name = special.name ?? `${random.pick(FIRST_WORDS)} ${random.pick(cuisine.houses)}`;
  const cuisines = [...new Set([cuisine.slug, special.cuisine === undefined ? second : cuisine.slug])];
  const place = placeOf(random, special);
  const row = {
    _id: idFrom(city.seed, 'restaurant', index),
    name,
    slug: '',
    ownerId: idFrom(city.seed, 'owner', special.ownerIndex ?? index),
    description: `${cuisine.label} from our own kitchen, cooked when you order.`,
    cuisines,
    diets: ['gujarati', 'south-indian', 'healthy'].includes(cuisine.slug) ? ['vegetarian'] : [],
    phone: phoneOf('restaurant', index),
    timeZone: 'Asia/Kolkata',
    ...place,
    taxRegistration: registrationOf(index, place.addressLine),
    ...terms(random, cuisine),
    ...houseFees(index),
    hours: someHours(random, ['cafe', 'bakery', 'south-indian', 'healthy'].includes(cuisine.slug)),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    busyExtraPrepMinutes: 15,
    ...ORDINARY,
    modes: modesOf(city, index),
    brandId: special.brand === undefined ? null : idFrom(city.seed, 'brand', special.brand),
    picture: tilePicture(city.tileBase, tileNameOf(cuisine.slug, SIGNATURE_DISHES[cuisine.slug] ?? '', index)),
    version: 0,
    createdAt: daysBefore(city.now, random.whole(30, 900)),
    updatedAt: city.now,
    ...special.terms?.(city.now),
  };
  return { ...row, ...derivedFields(row) };
}

/** Fictitious: no company has such a PAN. One in sixteen is too small to be registered, and never the demo's. */
function registrationOf(index: number, addressLine: string): RestaurantRow['taxRegistration'] {
  const number = gstinOf(`30ZZZFZ${String(index).padStart(4, '0')}Z1Z`);
  const isRegistered = index % 16 !== 15;
  return {
    ...{ legalName: `Sample Kitchens ${String(index)} LLP`, addressLine, country: 'IN' },
    number: isRegistered ? number : null,
  };
}

/** One in four also hands over its counter; not the demo's. */
function modesOf(city: CityInput, index: number): RestaurantRow['modes'] {
  const isCollected = index > 0 && new Random(city.seed, 'modes', index).chance(0.25);
  return isCollected ? ['delivery', 'collection'] : ['delivery'];
}

function placeOf(random: Random, { spot, addressLine }: Special): Pick<RestaurantRow, 'addressLine' | 'location'> {
  const zone: Zone = spot === undefined ? zoneFor(random) : (ZONES[0] ?? zoneFor(random));
  const at: Spot = spot ?? spotIn(zone, random);
  return {
    addressLine: addressLine ?? `${addressIn(zone, random)}, ${zone.name}, Saffron Bay ${zone.postcode}`,
    location: toGeoJson(pointAt(at)),
  };
}

function terms(random: Random, cuisine: Cuisine) {
  const deliveryRadiusMeters = random.whole(25, 50) * 100;
  const reach = deliveryRadiusMeters * ROAD_FACTOR;
  const bandCount = FEE_BANDS.findIndex(({ upToMeters }) => upToMeters >= reach) + 1;
  return {
    currency: 'INR',
    deliveryRadiusMeters,
    minimumOrderMinor: random.pick([0, 9_900, 14_900, 19_900]),
    prepMinutes: random.whole(...cuisine.prepMinutes),
    feeBands: FEE_BANDS.slice(0, bandCount).map(({ upToMeters, rupees }) => ({ upToMeters, feeMinor: rupees * 100 })),
    freeDeliveryOverMinor: random.chance(0.4) ? random.pick([49_900, 59_900, 79_900]) : null,
    serviceFeeMinor: random.pick([0, 500, 900]),
    commissionBasisPoints: 2_000,
    autoAccept: false,
    taxRates: { ...SAMPLE_TAX_RATES },
    pricesIncludeTax: random.chance(0.2),
  };
}

/** Some ask for the box, and for a small order; not the demo's. */
function houseFees(index: number): Pick<RestaurantRow, 'packagingFeeMinor' | 'smallOrderFee'> {
  return {
    packagingFeeMinor: index % 5 === 2 ? 1_500 : 0,
    smallOrderFee: index % 5 === 3 ? { belowMinor: 29_900, feeMinor: 2_000 } : null,
  };
}

/** Every cuisine in turn, so that a small city has variety too. */
function nextCuisine(index: number): Cuisine {
  return cuisineOf(CUISINES[index % CUISINES.length]?.slug ?? '');
}

function freeSlug(name: string, index: number, taken: Set<string>): string {
  const base = slugOf(name) || `restaurant-${index}`;
  const slug = taken.has(base) ? `${base}-${index}` : base;
  taken.add(slug);
  return slug;
}

/** Empty for a name without Latin letters. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/[’']|\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? []).join('-').slice(0, 60).replace(/-$/, '');
}

export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
