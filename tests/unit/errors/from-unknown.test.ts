import { mongo, Error as MongooseErrors } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, errorCodes, fromUnknown, isDuplicateKey, toErrorBody } from '../../../src/errors/index.ts';

const CANARY = 'asha@example.com';

/** What a client would see. */
function seen(error: unknown) {
  const { error: body } = toErrorBody(fromUnknown(error), 'request-1');
  return body;
}

function zodError(schema: z.ZodType, value: unknown): unknown {
  return schema.safeParse(value).error;
}

function duplicateKey(keyPattern: Record<string, number>): mongo.MongoServerError {
  const message = `E11000 duplicate key error collection: quickbite.users index: email_1 dup key: { email: "${CANARY}" }`;
  return new mongo.MongoServerError({ message, code: 11_000, keyPattern, keyValue: { email: CANARY } });
}

const named = (name: string) => Object.assign(new Error('detail'), { name });
const coded = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.7:27017`), { code });
const httpError = (fields: object) =>
  Object.assign(new Error('parser detail'), { status: 400, expose: true, ...fields });

describe('what clients see of a fault', () => {
  it.each([
    ['broken JSON', httpError({ type: 'entity.parse.failed' }), 'malformed_json'],
    ['an oversize body', httpError({ type: 'entity.too.large', status: 413 }), 'payload_too_large'],
    ['an unknown encoding', httpError({ type: 'encoding.unsupported', status: 415 }), 'unsupported_media_type'],
    ['an unknown charset', httpError({ type: 'charset.unsupported', status: 415 }), 'unsupported_media_type'],
    ['a cut-off body', httpError({ type: 'request.aborted' }), 'bad_request'],
    ['a lying length', httpError({ type: 'request.size.invalid' }), 'bad_request'],
    ['a broken gzip stream', httpError({ code: 'Z_DATA_ERROR' }), 'bad_request'],
    ['a bad percent escape', new URIError('URI malformed'), 'bad_request'],
    ['a version conflict', named('VersionError'), 'version_conflict'],
    ['a duplicate key', duplicateKey({ email: 1 }), 'already_exists'],
    [
      'a vendor that refuses our request',
      Object.assign(new Error('x'), { statusCode: 400, type: 'card' }),
      'internal_error',
    ],
    [
      'an error whose type is a key of every object',
      Object.assign(new Error('x'), { type: 'constructor' }),
      'internal_error',
    ],
    ['null', null, 'internal_error'],
    ['a string', 'boom', 'internal_error'],
    ['a bug', new TypeError('reading secrets of undefined'), 'internal_error'],
  ])('of %s', (...[, error, code]) => {
    const { status, message } = errorCodes[code as keyof typeof errorCodes];
    expect(seen(error)).toMatchObject({ status, code, message, requestId: 'request-1' });
  });

  it.each([
    new mongo.MongoNetworkError('x'),
    new mongo.MongoNetworkTimeoutError('x'),
    new mongo.MongoServerSelectionError('x', {} as never),
    new MongooseErrors.MongooseServerSelectionError('x'),
    new mongo.MongoServerError({ message: 'operation exceeded time limit', code: 50 }),
    new mongo.MongoServerError({ message: 'not primary', code: 10_107 }),
    new mongo.MongoBulkWriteError(new mongo.MongoNetworkError('connection 21 closed'), {} as never),
    named('MongoPoolClearedError'),
    named('MongoWaitQueueTimeoutError'),
    named('MaxRetriesPerRequestError'),
    // What ioredis throws, word for word.
    new Error('Command timed out'),
    new Error('Connection is closed.'),
    coded('ECONNREFUSED'),
    coded('ECONNRESET'),
    coded('ETIMEDOUT'),
  ])('of a dependency that is away is 503 with Retry-After: $name $code', (error) => {
    expect(fromUnknown(error)).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 2, cause: error });
  });

  it('of a fault nobody foresaw is a fixed sentence, its cause kept for the log', () => {
    const bug = new TypeError(`cannot read ${CANARY}`);
    expect(fromUnknown(bug)).toMatchObject({ status: 500, logLevel: 'error', cause: bug });
    expect(seen(bug)).toEqual({
      status: 500,
      code: 'internal_error',
      message: 'Something went wrong on our side.',
      requestId: 'request-1',
    });
  });

  it('of a duplicate key names fields and never values', () => {
    const body = seen(duplicateKey({ email: 1, tenant: 1 }));
    expect(body).toMatchObject({ status: 409, details: [{ path: 'email', code: 'not_unique' }, { path: 'tenant' }] });
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('of a cast names the path and never the value', () => {
    const body = seen(new MongooseErrors.CastError('string', { $ne: CANARY }, 'email'));
    expect(body).toMatchObject({ status: 400, details: [{ path: 'email', code: 'invalid' }] });
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('of a schema names every problem by its path, unknown keys one by one, and no value', () => {
    const schema = z.strictObject({ user: z.strictObject({ email: z.email() }), tags: z.array(z.int()) });
    const body = seen(
      zodError(schema, { user: { email: CANARY.replace('@', '!'), role: CANARY, at: 1 }, tags: [1, CANARY] }),
    );
    expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
    const paths = (body.details as { path: string; code: string }[]).map(({ path, code }) => `${path} ${code}`);
    expect(paths.toSorted()).toEqual([
      'tags.1 invalid_type',
      'user.at unknown_key',
      'user.email invalid_format',
      'user.role unknown_key',
    ]);
    expect(JSON.stringify(body)).not.toMatch(/asha/);
  });

  it('of a thousand problems names twenty, and of a long key its beginning', () => {
    const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${'k'.repeat(500)}${index}`, 1]));
    const wrong = seen(zodError(z.array(z.int()), Array.from({ length: 1000 }).fill('x')));
    const surplus = seen(zodError(z.strictObject({}), unknown));
    for (const { details } of [wrong, surplus]) expect(details).toHaveLength(20);
    expect(JSON.stringify(surplus).length).toBeLessThan(5000);
  });

  it('that is an AppError already is that very error', () => {
    const error = new AppError('quote_expired', { info: { quoteId: 'q' } });
    expect(fromUnknown(error)).toBe(error);
    expect(seen(error)).not.toHaveProperty('info');
  });
});

describe('isDuplicateKey', () => {
  it('tells unique indexes apart by a field', () => {
    const error = duplicateKey({ email: 1 });
    expect([isDuplicateKey(error), isDuplicateKey(error, 'email'), isDuplicateKey(error, 'slug')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([null, undefined, 'E11000', new Error('E11000'), { code: '11000' }])('is not fooled by %s', (error) => {
    expect(isDuplicateKey(error)).toBe(false);
  });
});
