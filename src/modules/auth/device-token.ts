import { dateFrom, nowMs } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { isEqualMac, macOf } from './keys.ts';

/*
 * What a device keeps after a log-in to be known again (OWASP "device cookie"). It opens nothing: it only moves the device's own
 * log-in attempts out of the count that strangers can fill, and spares its owner the notice of a new device.
 */

/** From its issue, and each log-in issues it anew. */
export const DEVICE_TOKEN_SECONDS = 180 * 24 * 3600;

/** Device, seconds, mac. */
const FORM = /^([0-9a-f]{24})\.(\d{1,12})\.([^.]+)$/;

export interface KnownDevice {
  deviceId: string;
  issuedAt: Date;
}

/** Good for one account only, by its normalised e-mail. */
export function issueDeviceToken(email: string, deviceId: string = newId()): string {
  const body = `${deviceId}.${String(Math.floor(nowMs() / 1000))}`;
  return `${body}.${macOf('device', `${body}.${email}`)}`;
}

/** null: none, a foreign one, one of another account, or one that has run out. */
export function readDeviceToken(token: string | null, email: string): KnownDevice | null {
  const [, deviceId = '', seconds = '', mac = ''] = FORM.exec(token ?? '') ?? [];
  if (!isEqualMac(mac, macOf('device', `${deviceId}.${seconds}.${email}`)) || hasRunOut(Number(seconds))) return null;
  return { deviceId, issuedAt: dateFrom(Number(seconds) * 1000) };
}

function hasRunOut(issuedAtSeconds: number): boolean {
  return nowMs() >= (issuedAtSeconds + DEVICE_TOKEN_SECONDS) * 1000;
}
