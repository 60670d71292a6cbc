import { area } from '@turf/area';
import type { GeoJsonPolygon } from '../../../shared/geo.ts';

type Position = [number, number];

/** A city block, and a metropolis. */
const MIN_SQUARE_METERS = 10_000;
const MAX_SQUARE_METERS = 2_000_000_000;
/** Nearer to a pole a flat map means nothing. */
const MAX_LATITUDE = 85;

/** Why this cannot be a delivery area; null: it can. The ring has four points at least, with numbers in their ranges. */
export function polygonProblem({ coordinates: [ring = []] }: GeoJsonPolygon): string | null {
  const corners = ring.slice(0, -1);
  const problems: [string, () => boolean][] = [
    ['must end where it begins', () => !isSame(ring[0], ring.at(-1))],
    ['must name no point twice', () => new Set(corners.map(([lng, lat]) => `${lng} ${lat}`)).size < corners.length],
    ['must not come near a pole', () => ring.some(([, lat]) => Math.abs(lat) > MAX_LATITUDE)],
    ['must not cross the 180th meridian', () => spanOf(ring.map(([lng]) => lng)) > 180],
    ['must not cross or touch itself', () => hasSpike(corners) || meetsItself(corners)],
    [`must have ${MIN_SQUARE_METERS} square meters at least`, () => area(asPolygon(ring)) < MIN_SQUARE_METERS],
    ['must have 2,000 square kilometers at most', () => area(asPolygon(ring)) > MAX_SQUARE_METERS],
  ];
  return problems.find(([, holds]) => holds())?.[0] ?? null;
}

/** Counterclockwise, as RFC 7946 wants the outer ring. */
export function withRightWinding({ type, coordinates: [ring = []] }: GeoJsonPolygon): GeoJsonPolygon {
  return { type, coordinates: [twiceSignedArea(ring) < 0 ? ring.toReversed() : ring] };
}

function asPolygon(ring: Position[]): GeoJsonPolygon {
  return { type: 'Polygon', coordinates: [ring] };
}

function isSame(a: Position | undefined, b: Position | undefined): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}

function spanOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** An edge that runs back over the one before: two parallel lines, which a search for crossings does not see. */
function hasSpike(corners: readonly Position[]): boolean {
  return corners.some((corner, index) => {
    const before = corners.at(index - 1) ?? corner;
    const after = corners[(index + 1) % corners.length] ?? corner;
    const [ax, ay] = [corner[0] - before[0], corner[1] - before[1]];
    const [bx, by] = [after[0] - corner[0], after[1] - corner[1]];
    return ax * by - ay * bx === 0 && ax * bx + ay * by < 0;
  });
}

/** Two edges that are no neighbours have a point in common. By plain numbers: of 200 points that is 20,000 pairs. */
function meetsItself(corners: readonly Position[]): boolean {
  const edges = corners.map((from, index) => [from, corners[(index + 1) % corners.length] ?? from] as const);
  return edges.some((edge, index) =>
    edges.slice(index + 2, index === 0 ? -1 : undefined).some((other) => haveCommonPoint(edge, other)),
  );
}

type Edge = readonly [Position, Position];

function haveCommonPoint([a, b]: Edge, [c, d]: Edge): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false;
  // Neither has both of its ends strictly on one side of the other.
  return sideOf(a, b, c) * sideOf(a, b, d) <= 0 && sideOf(c, d, a) * sideOf(c, d, b) <= 0;
}

/** 1: left of the line from `a` to `b`, 0: on it, -1: right of it. */
function sideOf(a: Position, b: Position, point: Position): number {
  return Math.sign((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]));
}

function twiceSignedArea(ring: readonly Position[]): number {
  return ring.reduce((sum, [lng, lat], index) => {
    const [nextLng, nextLat] = ring[index + 1] ?? [lng, lat];
    return sum + lng * nextLat - nextLng * lat;
  }, 0);
}
