import { derivedFields } from '../../../src/modules/restaurants/derived-fields.ts';
import type { DeliveryAreaRow, RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { toGeoJson } from '../../../src/shared/geo.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import { frenchVatOf } from '../../../src/shared/tax-number.ts';
import { FRENCH_CUISINES, type Cuisine } from '../cuisines/index.ts';
import { addressIn, areaOf, pointAt, spotIn, zoneFor, type Zone } from '../geography.ts';
import { phoneOf } from '../people.ts';
import { tileNameOf, tilePicture } from '../pictures.ts';
import { Random } from '../random.ts';
import { daysBefore, ORDINARY, slugOf } from '../restaurants.ts';
import type { CityInput } from '../types.ts';
import { PORT_CLEMENT, PORT_ZONES } from './geography.ts';

const COUNT = 15;
/** Samples, not tax advice. */
const TAX_RATES = {
  ...{ food: 1_000, beverage: 1_000, packaged: 550, alcohol: 2_000 },
  ...{ delivery: 2_000, service: 2_000, packaging: 1_000 },
};
const FEE_BANDS = [
  { upToMeters: 1_500, feeMinor: 190 },
  { upToMeters: 3_000, feeMinor: 290 },
  { upToMeters: 7_000, feeMinor: 450 },
];

/** `first`: the number of the first of them in the whole sample. */
export function generatePortRestaurants(city: CityInput, first: number): RestaurantRow[] {
  return Array.from({ length: COUNT }, (_, offset) => restaurantRow(city, first + offset, offset));
}

function restaurantRow(city: CityInput, index: number, offset: number): RestaurantRow {
  const random = new Random(city.seed, 'port-restaurant', offset);
  const cuisine = FRENCH_CUISINES[offset % FRENCH_CUISINES.length] ?? random.pick(FRENCH_CUISINES);
  const name = cuisine.houses[Math.floor(offset / FRENCH_CUISINES.length)] ?? cuisine.label;
  const zone = zoneFor(random, PORT_ZONES);
  const addressLine = `${addressIn(zone, random)}, ${zone.postcode} Port Clement`;
  const row = {
    ...ORDINARY,
    _id: idFrom(city.seed, 'restaurant', index),
    name,
    slug: slugOf(name),
    ownerId: idFrom(city.seed, 'owner', index),
    description: `${cuisine.label} du port : tout est préparé à la commande.`,
    cuisines: [cuisine.slug],
    diets: [],
    phone: phoneOf('restaurant', index),
    addressLine,
    taxRegistration: registrationOf(name, offset, addressLine),
    timeZone: 'Europe/Paris',
    location: toGeoJson(pointAt(spotIn(zone, random), PORT_CLEMENT)),
    modes: ['delivery' as const, 'collection' as const],
    ...terms(cuisine, random),
    // Every third delivers by quarter, not by radius.
    deliveryAreas: offset % 3 === 1 ? PORT_ZONES.map(quarter) : [],
    hours: hoursOf(cuisine),
    exceptions: [],
    pausedUntil: null,
    busyUntil: null,
    busyExtraPrepMinutes: 15,
    picture: tilePicture(city.tileBase, tileNameOf(cuisine.slug, SIGNATURE[cuisine.slug] ?? '', offset)),
    version: 0,
    createdAt: daysBefore(city.now, random.whole(30, 900)),
    updatedAt: city.now,
  };
  return { ...row, ...derivedFields(row) };
}

/** Fictitious: no company has such a SIREN. Its last digit is that of Luhn. */
const SIRENS = [
  ...['000000018', '000000026', '000000034', '000000042', '000000059', '000000067', '000000075', '000000083'],
  ...['000000091', '000000109', '000000117', '000000125', '000000133', '000000141', '000000158'],
];

function registrationOf(name: string, offset: number, addressLine: string): RestaurantRow['taxRegistration'] {
  const number = frenchVatOf(SIRENS[offset] ?? '000000018');
  return { legalName: `${name} SARL (exemple)`, addressLine, country: 'FR', number };
}

const SIGNATURE: Record<string, string> = { bistro: 'bourguignon', creperie: 'crêpe', boulangerie: 'baguette' };

function terms(cuisine: Cuisine, random: Random) {
  return {
    currency: 'EUR',
    deliveryRadiusMeters: 4_500,
    minimumOrderMinor: random.pick([0, 800, 1_200]),
    prepMinutes: random.whole(...cuisine.prepMinutes),
    feeBands: FEE_BANDS,
    freeDeliveryOverMinor: random.chance(0.4) ? 3_500 : null,
    serviceFeeMinor: random.pick([0, 49, 99]),
    packagingFeeMinor: 0,
    smallOrderFee: null,
    commissionBasisPoints: 2_000,
    autoAccept: false,
    taxRates: { ...TAX_RATES },
    pricesIncludeTax: true,
  };
}

function quarter({ slug: id, name, polygon }: Zone, position: number): DeliveryAreaRow {
  return {
    id,
    name,
    polygon: areaOf(polygon, PORT_CLEMENT),
    minimumOrderMinor: 1_000 + 400 * position,
    freeDeliveryOverMinor: position === 0 ? 2_500 : null,
    feeBands: [
      { upToMeters: 9_000, feeMinor: 190 + 120 * position },
      { upToMeters: 9_000, fromSubtotalMinor: 2_000, feeMinor: 90 + 120 * position },
    ],
  };
}

/** Bakers rise early; the others cook at noon and in the evening, on Saturdays past midnight, and rest on Mondays. */
function hoursOf({ slug }: Cuisine): RestaurantRow['hours'] {
  if (slug === 'boulangerie') {
    return [2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '06:30', closes: '19:30' }));
  }
  return [2, 3, 4, 5, 6, 7].flatMap((weekday) => [
    { weekday, opens: '11:45', closes: '14:30' },
    { weekday, opens: '18:30', closes: weekday === 6 ? '01:00' : '22:30' },
  ]);
}
