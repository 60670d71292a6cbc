import { ZodError } from 'zod';
import { AppError, isAppError } from './app-error.ts';
import type { FieldProblem } from './error-codes.ts';

interface ErrorLike {
  name?: string;
  message?: unknown;
  type?: string;
  code?: unknown;
  status?: unknown;
  expose?: unknown;
  keyPattern?: Record<string, unknown>;
  path?: unknown;
}

/** body-parser (http-errors) marks its faults by `type`. */
const BODY_PARSER_CODES = {
  'entity.parse.failed': 'malformed_json',
  'entity.too.large': 'payload_too_large',
  'parameters.too.many': 'payload_too_large',
  'encoding.unsupported': 'unsupported_media_type',
  'charset.unsupported': 'unsupported_media_type',
  'request.size.invalid': 'bad_request',
  'request.aborted': 'bad_request',
} as const;

const UNREACHABLE = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MaxRetriesPerRequestError',
  'RedisAway',
]);
/** What a MongoDB server answers when it is out of time, steps down or shuts down. */
const SERVER_AWAY = new Set<unknown>([50, 91, 189, 262, 10107, 11600, 11602, 13435, 13436]);
/** ioredis has no names for these. */
const REDIS_AWAY = new Set<unknown>(['Command timed out', 'Connection is closed.']);
const SOCKET_FAULTS = new Set<unknown>(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']);

/** Enough to mend a request by. A sender of nonsense gets no longer answer than that. */
const MAX_PROBLEMS = 20;
const MAX_KEY_LENGTH = 100;

/** The only translator from what libraries throw to what clients see. What it does not know becomes a 500 with a fixed sentence. */
export function fromUnknown(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof ZodError)
    return new AppError('validation_failed', { details: fieldProblems(error), cause: error });
  if (typeof error !== 'object' || error === null) return new AppError('internal_error', { cause: error });
  const like = error as ErrorLike;
  return (
    fromBodyParser(like) ?? fromDatabase(like) ?? fromNetwork(like) ?? new AppError('internal_error', { cause: error })
  );
}

/** The first problems only. */
export function fieldProblems(error: ZodError, prefix: string[] = []): FieldProblem[] {
  const problems = error.issues.slice(0, MAX_PROBLEMS).flatMap((issue) => {
    const path = [...prefix, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.slice(0, MAX_PROBLEMS).map((key) => ({
        path: [...path, key.slice(0, MAX_KEY_LENGTH)].join('.'),
        code: 'unknown_key',
        message: 'Unknown key.',
      }));
    }
    return [{ path: path.join('.'), code: issue.code, message: issue.message }];
  });
  return problems.slice(0, MAX_PROBLEMS);
}

/** E11000 of the driver, which is not a `mongoose.Error`; `field` narrows it to one unique index. */
export function isDuplicateKey(error: unknown, field?: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const like = error as ErrorLike;
  if (like.code !== 11000) return false;
  return field === undefined || Object.keys(like.keyPattern ?? {}).includes(field);
}

function fromBodyParser(error: ErrorLike): AppError | null {
  if (typeof error.type === 'string' && Object.hasOwn(BODY_PARSER_CODES, error.type)) {
    return new AppError(BODY_PARSER_CODES[error.type as keyof typeof BODY_PARSER_CODES], { cause: error });
  }
  // A broken gzip stream or a bad %-escape in the path arrives as a bare http-error or URIError. `expose` tells http-errors from a
  // vendor's 400, which is our fault.
  if ((error.status === 400 && error.expose === true) || error.name === 'URIError') {
    return new AppError('bad_request', { cause: error });
  }
  return null;
}

function fromDatabase(error: ErrorLike): AppError | null {
  if (isDuplicateKey(error)) {
    const fields = Object.keys(error.keyPattern ?? {});
    const details = fields.map((path) => ({ path, code: 'not_unique', message: 'Exists already.' }));
    return new AppError('already_exists', { details, cause: error });
  }
  if (error.name === 'VersionError') return new AppError('version_conflict', { cause: error });
  if (error.name === 'CastError') {
    const path = typeof error.path === 'string' ? error.path : '';
    return new AppError('validation_failed', {
      details: [{ path, code: 'invalid', message: 'Invalid value.' }],
      cause: error,
    });
  }
  return null;
}

function fromNetwork(error: ErrorLike): AppError | null {
  const isServerAway = error.name === 'MongoServerError' && SERVER_AWAY.has(error.code);
  const isRedisAway = error.name === 'Error' && REDIS_AWAY.has(error.message);
  // A bulk write wraps what broke its connection, and keeps neither name nor code of it.
  const isBulkCut = error.name === 'MongoBulkWriteError' && error.code === undefined;
  const isAway =
    isServerAway || isRedisAway || isBulkCut || SOCKET_FAULTS.has(error.code) || UNREACHABLE.has(error.name ?? '');
  if (!isAway) return null;
  return new AppError('service_unavailable', { cause: error, retryAfterSeconds: 2 });
}
