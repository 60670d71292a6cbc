import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';

/** 24 lowercase hex digits, the form of every `_id` and reference. */
export const ID_PATTERN = /^[0-9a-f]{24}$/;

let counter = randomInt(0x1000000);
const processPart = randomBytes(5).toString('hex');

/**
 * A new id: seconds, process, counter, like a MongoDB ObjectId, so that ids made by one process sort by time and
 * inserts stay at the right edge of the index. Kept as a string: one value in JSON, filters, jobs and sockets.
 */
export function newId(): string {
  counter = (counter + 1) % 0x1000000;
  const seconds = Math.floor(Date.now() / 1000);
  return seconds.toString(16).padStart(8, '0') + processPart + counter.toString(16).padStart(6, '0');
}

/** An id that nobody can guess from another one: for what is shown at an address of its own. */
export function newSecretId(): string {
  return randomBytes(12).toString('hex');
}

/** The same id for the same parts, for seeded data that documents and collections may name. */
export function idFrom(...parts: (string | number)[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 24);
}

export function newRequestId(): string {
  return randomUUID();
}

/** `length` decimal digits from the system's CSPRNG: delivery PINs and handover codes. */
export function randomDigits(length: number): string {
  return randomInt(10 ** length)
    .toString()
    .padStart(length, '0');
}

/** An opaque secret of 256 bits, URL-safe. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A whole number in [0, exclusiveMax), for jitter. */
export function randomBelow(exclusiveMax: number): number {
  return randomInt(exclusiveMax);
}
