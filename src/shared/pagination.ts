import { createHmac, timingSafeEqual } from 'node:crypto';

const MAC_BYTES = 12;

/**
 * An opaque keyset cursor: the sort key of the last row, sealed with an HMAC. `scope` names the list and its filters; it is
 * part of the seal only, so a cursor that was edited, or is sent with other filters, does not open.
 */
export function sealCursor(key: unknown, scope: string, secret: string): string {
  const payload = Buffer.from(JSON.stringify(key)).toString('base64url');
  return `${payload}.${macOf(payload, scope, secret)}`;
}

/** The sealed key, or null for a cursor that this scope and secret did not make. */
export function openCursor(cursor: string, scope: string, secret: string): unknown {
  const [payload, mac, ...rest] = cursor.split('.');
  if (payload === undefined || mac === undefined || rest.length > 0) return null;
  // As text: decoding base64 would forgive stray characters.
  const expected = Buffer.from(macOf(payload, scope, secret));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
}

function macOf(payload: string, scope: string, secret: string): string {
  const mac = createHmac('sha256', secret).update(`cursor\n${scope}\n${payload}`).digest();
  return mac.subarray(0, MAC_BYTES).toString('base64url');
}
