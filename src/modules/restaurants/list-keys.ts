import { fromGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { cellsAt, cellsOfCircle, cellsOfPolygons } from './cells.ts';
import type { RestaurantRow } from './restaurant.model.ts';
import { searchTokensOf } from './search-tokens.ts';

/**
 * A list is one walk of the index {listKeys, <sort>, _id} per key it asks for, so a restaurant stores a key for every list that it
 * is on: all of them (`*`), those delivering to a cell (`<cell>`), those lying in a cell (`@<cell>`), each alone and with each of
 * its cuisines (`<place>/<cuisine>`), and those found by a beginning of a word (`~<beginning>`). Cells are a first sieve; area,
 * hours and fee are decided exactly on the rows.
 */
const EVERYWHERE = '*';
/** Of one restaurant. Larger areas are kept in coarser cells. */
const MAX_DELIVERY_CELLS = 32;
/** Of one list: the server walks at most 200 keys of an index side by side in the order of the sort. */
const MAX_ASKED_KEYS = 150;

type Source = Pick<
  RestaurantRow,
  'status' | 'name' | 'cuisines' | 'location' | 'modes' | 'deliveryRadiusMeters' | 'deliveryAreas'
>;

export function listKeysOf(row: Source): string[] {
  if (row.status !== 'live') return [];
  const location = fromGeoJson(row.location);
  const places = [EVERYWHERE, ...cellsAt(location).map(lyingIn), ...deliveryCells(row, location)];
  const words = searchTokensOf(row).map((token) => wordKey(token));
  return [...new Set(places.flatMap((place) => withCuisines(place, ['', ...row.cuisines]))), ...words];
}

/** Of all live restaurants. */
export function keysEverywhere(cuisines: readonly string[]): string[] {
  return withCuisines(EVERYWHERE, cuisines);
}

/** Of those whose areas touch the cells of this point; some of them do not reach the point itself. */
export function keysDeliveringTo(point: GeoPoint, cuisines: readonly string[]): string[] {
  return cellsAt(point).flatMap((cell) => withCuisines(cell, cuisines));
}

/** Of those that lie in the cells that the circle touches; some of them lie outside of it. */
export function keysLyingWithin(center: GeoPoint, radiusMeters: number, cuisines: readonly string[]): string[] {
  const maxCells = Math.floor(MAX_ASKED_KEYS / Math.max(1, cuisines.length));
  return cellsOfCircle({ center, radiusMeters }, maxCells).flatMap((cell) => withCuisines(lyingIn(cell), cuisines));
}

/** Of live restaurants with a word that begins so. */
export function wordKey(token: string): string {
  return `~${token}`;
}

function deliveryCells(row: Source, center: GeoPoint): string[] {
  if (!row.modes.includes('delivery')) return [];
  if (row.deliveryAreas.length === 0) {
    return cellsOfCircle({ center, radiusMeters: row.deliveryRadiusMeters }, MAX_DELIVERY_CELLS);
  }
  const polygons = row.deliveryAreas.map(({ polygon }) => polygon);
  return cellsOfPolygons(polygons, MAX_DELIVERY_CELLS);
}

function lyingIn(cell: string): string {
  return `@${cell}`;
}

/** `''` stands for all cuisines. */
function withCuisines(place: string, cuisines: readonly string[]): string[] {
  if (cuisines.length === 0) return [place];
  return cuisines.map((cuisine) => (cuisine === '' ? place : `${place}/${cuisine}`));
}
