import type { Role } from '../../src/shared/actor.ts';
import { ROWS } from '../attacks/ownership-rows.ts';
import type { Parties } from '../attacks/ownership-rows/ownership-row.ts';
import { makeWorld } from '../attacks/ownership-rows/world.ts';
import { TOWN } from '../factories/restaurant.ts';
import { logInAs, type Login } from './log-in.ts';
import { plausiblePath, type KnownRoute } from './route-calls.ts';

/** The people of one order, a courier with an offer, and an admin. */
export type Cast = Record<keyof Parties | 'scout' | 'office', Login>;

/** A call that gets as far as the route itself: to a resource that exists, by who may. */
export interface RealCall {
  path: string;
  login: Login;
  /** What the resource's own row says; else the example of the contract is as good. */
  body: object | undefined;
}

/** What a question has to name. */
const QUERIES: Record<string, Record<string, string>> = {
  'get /restaurants/popular': { lat: String(TOWN.lat), lng: String(TOWN.lng) },
  'get /search': { q: 'pepper' },
  'get /search/suggest': { q: 'pep' },
};

const TRADES: Role[] = ['customer', 'restaurant', 'courier'];

export async function makeCast(): Promise<Cast> {
  const [customer, owner, courier, scout] = [await trader(), await trader(), await trader(), await trader()];
  return { customer, owner, courier, scout, office: await logInAs({ roles: ['admin'] }) };
}

/** Makes what the route is about. Once per cast: the row of a route makes the courier anew. */
export async function realCall(route: KnownRoute, cast: Cast): Promise<RealCall> {
  const row = ROWS[route.key];
  if (row === undefined) {
    await makeWorld(cast, 0);
    return callInWorld(route, cast);
  }
  const { params, query, body, bodyOf } = await row.make(cast);
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  const party = row.entitled.find((one) => one in cast) as keyof Cast | undefined;
  const login = cast[party ?? 'customer'];
  return { path: withQuery(`/api/v1${path}`, query), login, body: bodyOf === undefined ? body : await bodyOf(login) };
}

/** Whether the route has a resource of its own to be asked for; the others read what the world of a cast has. */
export function isAboutOne({ key }: KnownRoute): boolean {
  return key in ROWS;
}

/** A call of a route without an id, where `makeWorld` has made the world of the cast: one world is enough for all that only read. */
export function callInWorld(route: KnownRoute, cast: Cast): RealCall {
  const path = withQuery(plausiblePath(route), QUERIES[route.key]);
  return { path, login: loginFor(route, cast), body: undefined };
}

function withQuery(path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

function trader(): Promise<Login> {
  return logInAs({ roles: TRADES });
}

function loginFor({ path }: KnownRoute, cast: Cast): Login {
  if (path.startsWith('/admin/')) return cast.office;
  if (path.startsWith('/offers')) return cast.scout;
  return /^\/(couriers|deliveries)/.test(path) ? cast.courier : cast.customer;
}
