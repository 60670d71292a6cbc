import { dateFrom, nowMs } from '../../shared/clock.ts';
import { ID_PATTERN, newId } from '../../shared/ids.ts';
import { isEqualMac, macOf } from './keys.ts';

/*
 * What a device keeps after a log-in to be known again (OWASP "device cookie"). It opens nothing: it only moves the device's own
 * log-in attempts out of the count that strangers can fill, and spares its owner the notice of a new device.
 */

export interface KnownDevice {
  deviceId: string;
  issuedAt: Date;
}

/** Good for one account only, by its normalised e-mail. */
export function issueDeviceToken(email: string, deviceId: string = newId()): string {
  const body = `${deviceId}.${String(Math.floor(nowMs() / 1000))}`;
  return `${body}.${macOf('device', `${body}.${email}`)}`;
}

/** null: none, a foreign one, or one of another account. */
export function readDeviceToken(token: string | null, email: string): KnownDevice | null {
  const [deviceId = '', seconds = '', mac = '', ...rest] = token?.split('.') ?? [];
  if (rest.length > 0 || !ID_PATTERN.test(deviceId) || !/^\d{1,12}$/.test(seconds)) return null;
  if (!isEqualMac(mac, macOf('device', `${deviceId}.${seconds}.${email}`))) return null;
  return { deviceId, issuedAt: dateFrom(Number(seconds) * 1000) };
}
