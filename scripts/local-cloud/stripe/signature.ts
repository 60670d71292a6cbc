import { createHmac } from 'node:crypto';

/** Stripe's scheme: HMAC-SHA256 over `timestamp.payload`. Each attempt is signed afresh, so its age is its own. */
export function signatureHeader(payload: string, secret: string, timestamp: number): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}
