import { derivedFields } from '../../../src/modules/restaurants/derived-fields.ts';
import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../../src/shared/geo.ts';
import { generateRestaurants } from '../../sample-city/restaurants.ts';

/** As dense whatever the number of restaurants: a bigger catalogue is more towns, not bigger ones. */
const PER_TOWN = 250;
const TOWNS_PER_ROW = 60;
/** Those of the sample city that are odd on purpose, or branches of a brand, come first. */
const ODD_ONES = 60;

/** Every town has the same houses at the same places, so that a page costs the same wherever it is asked for. */
const HOUSES = generateRestaurants({ seed: 'catalogue', now: now(), tileBase: null }, ODD_ONES + PER_TOWN).slice(
  ODD_ONES,
);

/** The middle of a town; every restaurant of it delivers there. */
export function townPoint(town: number): GeoPoint {
  return { lat: -30 + Math.floor(town / TOWNS_PER_ROW) * 0.4, lng: -120 + (town % TOWNS_PER_ROW) * 0.4 };
}

export function townCount(restaurants: number): number {
  return Math.max(1, Math.floor(restaurants / PER_TOWN));
}

export function catalogueRow(index: number, restaurants: number): RestaurantRow {
  const towns = townCount(restaurants);
  const number = Math.floor(index / towns) % PER_TOWN;
  const house = HOUSES[number];
  if (house === undefined) throw new RangeError(`there is no house ${number}`);
  const center = townPoint(index % towns);
  const row: RestaurantRow = {
    ...house,
    _id: index.toString(16).padStart(24, '0'),
    slug: `house-${index}`,
    location: toGeoJson({
      lat: center.lat + spread(number, Math.SQRT2),
      lng: center.lng + spread(number, Math.sqrt(3)),
    }),
    rating: { average: (number % 41) / 10 + 1, count: 10, sum: 30 },
    popularity: (number * 7_919) % 1_000,
  };
  return { ...row, ...derivedFields(row) };
}

/** Up to some 1.5 km from the middle, and no two alike: multiples of an irrational number fill the way evenly. */
function spread(number: number, step: number): number {
  return (((number * step) % 1) - 0.5) / 36;
}
