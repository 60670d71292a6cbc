import { cellToBoundary, gridDisk, latLngToCell, POLYGON_TO_CELLS_FLAGS, polygonToCellsExperimental } from 'h3-js';
import { greatCircleMeters, type GeoJsonPolygon, type GeoPoint } from '../../shared/geo.ts';

/** Finest first: about 36, 250, 1,800 and 12,000 square kilometers. A place is kept in the finest that needs few enough cells. */
const RESOLUTIONS = [6, 5, 4, 3] as const;
/** Centers of neighbours lie at least so far apart. */
const MIN_SPACING_METERS: Record<number, number> = { 6: 4_400, 5: 11_600, 4: 30_000, 3: 80_000 };
const CELL_SQUARE_METERS: Record<number, number> = { 6: 36e6, 5: 253e6, 4: 1_770e6, 3: 12_400e6 };
const METERS_PER_DEGREE = 111_195;
/** Cells are tested on a flat map; a little too many of them costs a key, one too few would hide a restaurant. */
const SLACK = 1.01;
const SLACK_METERS = 50;
/** So many rings are looked at before a coarser resolution is taken. */
const MAX_RINGS = 8;

export interface Circle {
  center: GeoPoint;
  radiusMeters: number;
}

/** The cells of a point, one per resolution: whatever resolution an area took, one of them is its. */
export function cellsAt(point: GeoPoint): string[] {
  return RESOLUTIONS.map((resolution) => latLngToCell(point.lat, point.lng, resolution));
}

/** All cells that the circle touches (and perhaps one more), of the finest resolution that needs at most `maxCells`. */
export function cellsOfCircle(circle: Circle, maxCells: number): string[] {
  return finestWithin(maxCells, (resolution) => circleCells(circle, resolution));
}

/** All cells that these polygons touch, as `cellsOfCircle`. */
export function cellsOfPolygons(polygons: readonly GeoJsonPolygon[], maxCells: number): string[] {
  return finestWithin(maxCells, (resolution) => {
    const cells = polygons.map((polygon) => polygonCells(polygon, resolution, maxCells));
    return cells.some((some) => some === null) ? null : [...new Set(cells.flatMap((some) => some ?? []))];
  });
}

/** The last resolution has to do, however many cells it takes. */
function finestWithin(maxCells: number, cellsOf: (resolution: number) => string[] | null): string[] {
  let found: string[] = [];
  for (const resolution of RESOLUTIONS) {
    const cells = cellsOf(resolution);
    if (cells === null) continue;
    found = cells;
    if (cells.length <= maxCells) return cells;
  }
  return found;
}

function circleCells({ center, radiusMeters }: Circle, resolution: number): string[] | null {
  const reach = radiusMeters * SLACK + SLACK_METERS;
  const rings = Math.ceil(reach / (MIN_SPACING_METERS[resolution] ?? 1)) + 1;
  if (rings > MAX_RINGS && resolution > (RESOLUTIONS.at(-1) ?? 0)) return null;
  const own = latLngToCell(center.lat, center.lng, resolution);
  return gridDisk(own, rings).filter((cell) => cell === own || metersToBoundary(cell, center) <= reach);
}

/** From a point outside of the cell, on a flat map around the point. */
function metersToBoundary(cell: string, from: GeoPoint): number {
  const scale = Math.cos((from.lat * Math.PI) / 180) * METERS_PER_DEGREE;
  const corners = cellToBoundary(cell).map(([lat, lng]) => ({
    // Around the antimeridian the near way counts.
    x: ((((lng - from.lng + 540) % 360) + 360) % 360) * scale - 180 * scale,
    y: (lat - from.lat) * METERS_PER_DEGREE,
  }));
  return Math.min(...corners.map((corner, index) => metersToSegment(corner, corners.at(index - 1) ?? corner)));
}

interface Flat {
  x: number;
  y: number;
}

/** From the origin. */
function metersToSegment(a: Flat, b: Flat): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(a.x * dx + a.y * dy) / length));
  return Math.hypot(a.x + along * dx, a.y + along * dy);
}

/** Null: so large that even counting its cells of this resolution would be work. */
function polygonCells(polygon: GeoJsonPolygon, resolution: number, maxCells: number): string[] | null {
  const outer = polygon.coordinates[0] ?? [];
  const cellSquareMeters = CELL_SQUARE_METERS[resolution] ?? 1;
  if (resolution > (RESOLUTIONS.at(-1) ?? 0) && boxSquareMeters(outer) > cellSquareMeters * maxCells * 10) return null;
  const overlapping = polygonToCellsExperimental(
    polygon.coordinates,
    resolution,
    POLYGON_TO_CELLS_FLAGS.containmentOverlapping,
    true,
  );
  // A corner may poke into a cell by less than the library's arithmetic sees.
  const corners = outer.map(([lng, lat]) => latLngToCell(lat, lng, resolution));
  return [...new Set([...overlapping, ...corners])];
}

function boxSquareMeters(ring: readonly (readonly [number, number])[]): number {
  const lngs = ring.map(([lng]) => lng);
  const lats = ring.map(([, lat]) => lat);
  const southWest = { lat: Math.min(...lats), lng: Math.min(...lngs) };
  const width = greatCircleMeters(southWest, { lat: southWest.lat, lng: Math.max(...lngs) });
  return width * greatCircleMeters(southWest, { lat: Math.max(...lats), lng: southWest.lng });
}
