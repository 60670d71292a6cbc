import type { IncomingHttpHeaders } from 'node:http';
import { config } from '../config/index.ts';
import type { Encoding, Variant } from '../infra/pages/index.ts';
import { constantHeaders } from './middleware/constant-headers.ts';

/**
 * A shared cache may keep a page as long as a customer would not mind an old word on it: prices are asked again by the quote. Ours
 * are told of every change (`infra/pages`).
 */
const CACHE_CONTROL = 'public, max-age=10, stale-while-revalidate=20';
/** Below this a compressed answer is no smaller on the wire. */
const PACKED_FROM_BYTES = 1024;
const MAX_ENCODINGS = 20;

/** Also on a 304. */
export function pageHeaders({ etag }: Variant): [string, string][] {
  return [
    ['Cache-Control', CACHE_CONTROL],
    ['ETag', etag],
  ];
}

export function bodyHeaders({ encoding, body }: Variant): [string, string][] {
  return [
    ['Content-Type', 'application/json; charset=utf-8'],
    ...(encoding === 'identity' ? [] : [['Content-Encoding', encoding] as [string, string]]),
    ['Content-Length', String(body.length)],
  ];
}

interface Head {
  full: readonly string[];
  known: readonly string[];
}

/** By origin, and gone with the bytes. */
const heads = new WeakMap<Variant, Map<ReturnType<typeof constantHeaders>, Head>>();

/** Every header of the answer that is the same for all who ask from there: names and values in turn, as Node takes them fastest. */
export function headOf(variant: Variant, origin: string | undefined): Head {
  const constant = constantHeaders(origin);
  const held = heads.get(variant)?.get(constant);
  if (held !== undefined) return held;
  const vary = config.http.compression ? [['Vary', 'Accept-Encoding']] : [];
  const known = [...constant, ...vary, ...pageHeaders(variant)].flat();
  const head = { known, full: [...known, ...bodyHeaders(variant).flat()] };
  heads.set(variant, (heads.get(variant) ?? new Map<typeof constant, Head>()).set(constant, head));
  return head;
}

/** `If-None-Match` by weak comparison (RFC 9110, 13.1.2): one tag, a list, or any. */
export function isKnown({ 'if-none-match': given }: IncomingHttpHeaders, { etag }: Variant): boolean {
  if (given === undefined) return false;
  if (given === etag || given === '*') return true;
  return given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** The smallest form that the client names; `q=0` names nothing. */
export function encodingFor({ 'accept-encoding': given }: IncomingHttpHeaders, bytes: number): Encoding {
  if (!config.http.compression || given === undefined || bytes < PACKED_FROM_BYTES) return 'identity';
  const names = given
    .split(',', MAX_ENCODINGS)
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim().toLowerCase());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}
