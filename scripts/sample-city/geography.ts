import type { GeoJsonPolygon, GeoPoint } from '../../src/shared/geo.ts';
import type { Random } from './random.ts';

/** Meters east and north of the middle of the city. */
export type Spot = readonly [east: number, north: number];

export interface Zone {
  slug: string;
  name: string;
  /** Share of restaurants and people. */
  weight: number;
  polygon: readonly Spot[];
  streets: readonly string[];
  postcode: string;
}

/**
 * Saffron Bay lies in open sea, so that no address is anybody's: 12 by 9 kilometers around this point. The bay cuts in from
 * the west between Mango Gardens and Mill Bank.
 */
const MIDDLE: GeoPoint = { lat: 15.2, lng: 73.1 };
const METERS_PER_DEGREE = 111_195;

export const ZONES: readonly Zone[] = [
  {
    slug: 'harbour-quarter',
    name: 'Harbour Quarter',
    weight: 0.4,
    polygon: [
      [-2000, -1500],
      [2000, -1500],
      [2200, 1500],
      [-1800, 1500],
    ],
    streets: ['Customs House Road', 'Ropewalk Lane', 'Pepper Street', 'Old Pier Road', 'Signal Steps', 'Cardamom Row'],
    postcode: '990001',
  },
  {
    slug: 'lantern-hill',
    name: 'Lantern Hill',
    weight: 0.17,
    polygon: [
      [-1800, 1500],
      [2200, 1500],
      [6000, 1200],
      [6000, 4500],
      [-1500, 4500],
    ],
    streets: ['Lantern Hill Road', 'Observatory Lane', 'Jasmine Terrace', 'Upper Reservoir Road', 'Temple Steps'],
    postcode: '990002',
  },
  {
    slug: 'mango-gardens',
    name: 'Mango Gardens',
    weight: 0.15,
    polygon: [
      [-6000, 1000],
      [-1800, 1500],
      [-1500, 4500],
      [-6000, 4500],
    ],
    streets: ['Orchard Avenue', 'Alphonso Street', 'Kesar Lane', 'Garden Bridge Road', 'Parakeet Walk'],
    postcode: '990003',
  },
  {
    slug: 'mill-bank',
    name: 'Mill Bank',
    weight: 0.13,
    polygon: [
      [-6000, -4500],
      [-1000, -4500],
      [-2000, -1500],
      [-6000, -1500],
    ],
    streets: ['Cotton Mill Road', 'Canal Side', 'Spindle Street', 'Weavers Row', 'South Bridge Road'],
    postcode: '990004',
  },
  {
    slug: 'saffron-beach',
    name: 'Saffron Beach',
    weight: 0.15,
    polygon: [
      [-1000, -4500],
      [6000, -4500],
      [6000, -900],
      [2000, -1500],
      [-2000, -1500],
    ],
    streets: ['Promenade', 'Casuarina Road', 'Lagoon Street', 'Shell Lane', 'Lifeguard Avenue'],
    postcode: '990005',
  },
];

/** Where the demo's customer lives; the demo's restaurant is a few minutes away. */
export const DEMO_HOME: Spot = [150, 200];
export const DEMO_RESTAURANT: Spot = [400, 350];
/** An island outside the city, beyond every courier's reach. */
export const LIGHTHOUSE: Spot = [-16_000, -9_000];

export function pointAt([east, north]: Spot, middle: GeoPoint = MIDDLE): GeoPoint {
  const lat = middle.lat + north / METERS_PER_DEGREE;
  const lng = middle.lng + east / (METERS_PER_DEGREE * Math.cos((middle.lat * Math.PI) / 180));
  return { lat: rounded(lat), lng: rounded(lng) };
}

/** `polygon` is not closed. */
export function areaOf(polygon: readonly Spot[], middle: GeoPoint = MIDDLE): GeoJsonPolygon {
  const corners = polygon.map((spot): [number, number] => {
    const { lat, lng } = pointAt(spot, middle);
    return [lng, lat];
  });
  return { type: 'Polygon', coordinates: [[...corners, ...corners.slice(0, 1)]] };
}

/** Seven decimals are a centimeter. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

export function zoneFor(random: Random, zones: readonly Zone[] = ZONES): Zone {
  let left = random.next();
  for (const zone of zones) {
    left -= zone.weight;
    if (left < 0) return zone;
  }
  return random.pick(zones);
}

export function spotIn(zone: Zone, random: Random): Spot {
  const easts = zone.polygon.map(([east]) => east);
  const norths = zone.polygon.map(([, north]) => north);
  for (;;) {
    const east = random.whole(Math.min(...easts), Math.max(...easts));
    const north = random.whole(Math.min(...norths), Math.max(...norths));
    if (contains(zone.polygon, [east, north])) return [east, north];
  }
}

export function addressIn(zone: Zone, random: Random): string {
  return `${random.whole(1, 180)} ${random.pick(zone.streets)}`;
}

/** Even-odd rule. */
export function contains(polygon: readonly Spot[], [east, north]: Spot): boolean {
  let isInside = false;
  polygon.forEach(([x1, y1], index) => {
    const [x2, y2] = polygon[(index + 1) % polygon.length] ?? [x1, y1];
    const isCrossing = y1 > north !== y2 > north && east < ((x2 - x1) * (north - y1)) / (y2 - y1) + x1;
    if (isCrossing) isInside = !isInside;
  });
  return isInside;
}
