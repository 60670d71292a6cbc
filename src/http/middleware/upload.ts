import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../errors/index.ts';
import type { UploadedFile } from '../../shared/uploaded-file.ts';
import { localsOf } from '../actor.ts';
import { errorHandler } from './error-handler.ts';
import { limitBody, whenRead } from './limit-body.ts';

/** Boundaries, headers and text fields, beside the file. */
const OVERHEAD_BYTES = 64 * 1024;
const FORM = 'multipart/form-data';

/** One file in memory, and a few short text fields; whatever else a multipart body can hold is refused while it is read. */
export function receiveFile({ field, maxBytes }: { field: string; maxBytes: number }): RequestHandler[] {
  const read = multer({
    storage: multer.memoryStorage(),
    // The whole name, so that one with a path in it can be refused.
    preservePath: true,
    defParamCharset: 'utf8',
    limits: { fileSize: maxBytes, files: 1, fields: 3, parts: 4, fieldNameSize: 50, fieldSize: 200, headerPairs: 20 },
  }).single(field);
  const refuseOrRead: RequestHandler = (req, res, next) => {
    if (req.is(FORM) !== FORM) throw new AppError('unsupported_media_type', { details: { accepted: [FORM] } });
    read(req, res, (error?: unknown) => {
      // Refused in the middle: whatever the parser makes of that, the answer is out.
      if (res.headersSent) return;
      next(error === undefined || error === null ? undefined : toRefusal(error));
    });
  };
  return [limitBody(maxBytes + OVERHEAD_BYTES), refuseOrRead];
}

/** Multer's and its parser's faults are all the sender's, and most of them plain errors. */
function toRefusal(cause: unknown): AppError {
  const isTooLarge = cause instanceof multer.MulterError && cause.code === 'LIMIT_FILE_SIZE';
  return new AppError(isTooLarge ? 'payload_too_large' : 'bad_request', { cause });
}

/** @throws AppError `validation_failed` when none was sent */
export function uploadedFile({ file }: Request): UploadedFile {
  if (file === undefined) {
    throw new AppError('validation_failed', { details: [{ path: 'file', code: 'required', message: 'Send a file.' }] });
  }
  return { bytes: file.buffer, name: file.originalname, declaredType: file.mimetype.toLowerCase() };
}

interface UploadBounds {
  /** Of all uploads together that are on their way or being looked at. Only what has come counts: an announcement holds nothing. */
  heldBytes: number;
  perAccount: number;
  /** So much comes in each stretch of this length, or the upload ends: whoever stalls keeps nobody out. */
  pace: { bytes: number; withinMs: number };
}

/** So many bytes of files in memory at once, so many files of one account, and none that does not come: more wait outside. */
export function boundUploads({ heldBytes, perAccount, pace }: UploadBounds): RequestHandler {
  const running = new Map<string, number>();
  let held = 0;
  return (req, res, next) => {
    // Whoever hung up while the token was checked gives no place back: their `close` has been.
    if (res.closed) return;
    const account = localsOf(req).actor?.userId ?? '';
    const own = running.get(account) ?? 0;
    if (own >= perAccount) throw new AppError('overloaded', { retryAfterSeconds: 2 });
    running.set(account, own + 1);
    // Not by `next`: that is the parser's, which waits for an end that may never come.
    const refuse = (error: AppError) => {
      if (!res.headersSent) errorHandler(error, req, res, next);
    };
    const flow = watchFlow(req, pace, refuse);
    let mine = 0;
    whenRead(req, (chunk) => {
      flow.add(chunk.length);
      mine += chunk.length;
      held += chunk.length;
      if (held > heldBytes) refuse(new AppError('overloaded', { retryAfterSeconds: 2 }));
    });
    res.once('close', () => {
      flow.stop();
      held -= mine;
      mine = 0;
      const left = (running.get(account) ?? 1) - 1;
      if (left === 0) running.delete(account);
      else running.set(account, left);
    });
    next();
  };
}

function watchFlow(req: Request, { bytes, withinMs }: UploadBounds['pace'], refuse: (error: AppError) => void) {
  let came = 0;
  const look = () => {
    if (req.complete) return;
    if (came < bytes) refuse(new AppError('upload_too_slow'));
    came = 0;
  };
  // A timer that is late runs before the sockets are read: it looks after them.
  const timer = setInterval(() => setImmediate(look), withinMs);
  return {
    add(length: number) {
      came += length;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
