import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { config } from '../../config/index.ts';
import { errorFields } from './error-fields.ts';
import { currentStore } from './request-store.ts';

/** Keys that never reach a log, at the top and up to three levels deep. */
const SECRET_KEYS = [
  'password',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'clientSecret',
  'authorization',
  'cookie',
  'pin',
  'deliveryPin',
  'handoverCode',
  'code6',
  'otp',
  'email',
  'phone',
  'address',
  'addresses',
  'deliveryAddress',
  'dropoff',
  'line1',
  'line2',
  'location',
];
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

export const logger = pino({
  level: config.server.logLevel,
  timestamp: pino.stdTimeFunctions.isoTime,
  base: { service: process.argv[1]?.includes('worker') === true ? 'quickbite-worker' : 'quickbite-api' },
  serializers: { err: (error: unknown) => errorFields(error) },
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: DEPTHS.flatMap((depth) => SECRET_KEYS.map((key) => depth + key)), censor: '[redacted]' },
  mixin() {
    const store = currentStore();
    if (store === undefined) return {};
    return {
      requestId: store.requestId,
      ...(store.userId === undefined ? {} : { actor: hashedActor(store.userId) }),
      ...(store.role === undefined ? {} : { role: store.role }),
    };
  },
});

/** Actors stand in logs as a short hash: lines of one person can be joined, the person is not named. */
function hashedActor(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 12);
}
