import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { config } from '../../config/index.ts';
import { errorFields } from './error-fields.ts';
import { currentStore } from './request-store.ts';

/** Keys that never reach a log, at the top and up to three levels deep. */
const SECRET_KEYS = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'deviceToken',
  'clientSecret',
  'secret',
  'otpauthUri',
  'challenge',
  'recoveryCode',
  'recoveryCodes',
  'codeVerifier',
  'downloadUrl',
  'signature',
  'authorization',
  'cookie',
  'pin',
  'deliveryPin',
  'handoverCode',
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
/** Also the name of what an error is called, which every refusal logs: hidden only where it looks like a secret. */
const CODE = 'code';
/** Six digits of a message or an app, or a provider's code. Codes of errors are words, or numbers. */
const SECRET_CODE = /^(?:\d{6}|.{32,})$/s;
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

export const logger = pino({
  level: config.server.logLevel,
  timestamp: pino.stdTimeFunctions.isoTime,
  base: { service: process.argv[1]?.includes('worker') === true ? 'quickbite-worker' : 'quickbite-api' },
  serializers: { err: (error: unknown) => errorFields(error) },
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: DEPTHS.flatMap((depth) => [...SECRET_KEYS, CODE].map((key) => depth + key)), censor },
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

function censor(value: unknown, path: string[]): unknown {
  const isPlain = path.at(-1) === CODE && !(typeof value === 'string' && SECRET_CODE.test(value));
  return isPlain ? value : '[redacted]';
}

/** Actors stand in logs as a short hash: lines of one person can be joined, the person is not named. */
function hashedActor(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 12);
}
