import { createHash, timingSafeEqual } from 'node:crypto';
import { isoTime, realNowSeconds } from '../clock.ts';
import { CloudinaryError } from './errors.ts';
import type { CloudinaryAccount } from './exchange.ts';

export type Params = Record<string, string>;

const SIGNED_FOR_SECONDS = 3600;
/** Of the parameters these are not signed. */
const UNSIGNED = new Set(['file', 'cloud_name', 'resource_type', 'api_key', 'signature']);

/** @throws CloudinaryError in the order in which the vendor looks */
export function assertSigned(params: Params, { apiKey, apiSecret }: CloudinaryAccount): void {
  const { api_key: key, signature, timestamp } = params;
  if (key === undefined) throw new CloudinaryError(400, 'Must supply api_key');
  if (key !== apiKey) throw new CloudinaryError(401, 'Unknown API key');
  if (signature === undefined) throw new CloudinaryError(400, 'Missing required parameter - signature');
  if (timestamp === undefined) throw new CloudinaryError(400, 'Missing required parameter - timestamp');
  const toSign = stringToSign(params);
  const algorithm = signature.length === 64 ? 'sha256' : 'sha1';
  if (!isSame(signature, hashOf(algorithm, toSign.escaped + apiSecret)) && !isPlain(signature, toSign, apiSecret)) {
    throw new CloudinaryError(401, `Invalid Signature ${signature}. String to sign - '${toSign.plain}'.`);
  }
  assertFresh(timestamp);
}

/** The first version of the signature, without escapes; the vendor takes it for values that need none. */
function isPlain(signature: string, { plain, escaped }: { plain: string; escaped: string }, secret: string): boolean {
  return plain === escaped && isSame(signature, hashOf('sha1', plain + secret));
}

function assertFresh(timestamp: string): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw new CloudinaryError(400, 'Invalid timestamp');
  const age = realNowSeconds() - Number(timestamp);
  if (age > SIGNED_FOR_SECONDS) {
    const reported = isoTime(Number(timestamp) * 1000);
    throw new CloudinaryError(400, `Stale request - reported time is ${reported} which is more than 1 hour ago`);
  }
}

function stringToSign(params: Params): { plain: string; escaped: string } {
  const pairs = Object.entries(params)
    .filter(([name, value]) => !UNSIGNED.has(name) && value !== '')
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name}=${value}`);
  return { plain: pairs.join('&'), escaped: pairs.map((pair) => pair.replaceAll('&', '%26')).join('&') };
}

/** The admin API: key and secret as basic authentication. */
export function assertAdmin(header: string | undefined, { apiKey, apiSecret }: CloudinaryAccount): void {
  const [scheme = '', given = ''] = (header ?? '').split(' ');
  const wanted = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  if (!/^basic$/i.test(scheme) || !isSame(given, wanted)) throw new CloudinaryError(401, 'Invalid credentials');
}

/** Of a callback, over the body as it is sent. */
export function signCallback(body: string, timestamp: number, apiSecret: string): string {
  return hashOf('sha1', `${body}${timestamp}${apiSecret}`);
}

/** In the answer of an upload, by which its reader knows the vendor. */
export function signAnswer(publicId: string, version: number, apiSecret: string): string {
  return hashOf('sha1', `public_id=${publicId}&version=${version}${apiSecret}`);
}

function hashOf(algorithm: 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
