import { errorCodes, type ErrorCode, type ErrorDetails } from './error-codes.ts';

interface AppErrorOptions<C extends ErrorCode> {
  /** Sent to the client; its type belongs to the code. */
  details?: ErrorDetails<C>;
  cause?: unknown;
  /** For logs only. */
  info?: Record<string, unknown>;
  /** Becomes the Retry-After header. */
  retryAfterSeconds?: number;
}

/** The one error class. Status, log level and message come from the registry. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly status: number;
  readonly logLevel: 'info' | 'warn' | 'error';
  readonly details: ErrorDetails<C> | undefined;
  readonly info: Record<string, unknown> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: C, options: AppErrorOptions<C> = {}) {
    const definition = errorCodes[code];
    super(messageOf(definition, options.details), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = definition.status;
    this.logLevel = definition.logLevel;
    this.details = options.details;
    this.info = options.info;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

function messageOf(
  definition: { message: string; messageWith?: (details: never) => string },
  details: unknown,
): string {
  const { message, messageWith } = definition;
  // The constructor has checked the details against their code.
  return messageWith === undefined || details === undefined ? message : messageWith(details as never);
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The one failure shape of HTTP answers and socket acknowledgements. */
export interface ErrorBody {
  error: { status: number; code: ErrorCode; message: string; details?: unknown; requestId: string };
}

export function toErrorBody(error: AppError, requestId: string): ErrorBody {
  const { status, code, message } = error;
  const details: unknown = error.details;
  const hasDetails = details !== undefined;
  return { error: { status, code, message, ...(hasDetails ? { details } : {}), requestId } };
}

/** For a list whose `openCursor` does not open: edited, of other filters, or of another list. */
export function invalidCursor(): AppError<'validation_failed'> {
  const message = 'This cursor belongs to another list.';
  return new AppError('validation_failed', { details: [{ path: 'query.cursor', code: 'invalid_cursor', message }] });
}
