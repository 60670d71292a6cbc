import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../errors/index.ts';
import type { UploadedFile } from '../../shared/uploaded-file.ts';
import { localsOf } from '../actor.ts';
import { limitBody } from './limit-body.ts';

/** Boundaries, headers and text fields, beside the file. */
const OVERHEAD_BYTES = 64 * 1024;

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
    if (req.is('multipart/form-data') !== 'multipart/form-data') throw new AppError('unsupported_media_type');
    read(req, res, (error?: unknown) => {
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

/** So many files in memory at once, all together and of one account: more wait outside. */
export function boundUploads({ total, perAccount }: { total: number; perAccount: number }): RequestHandler {
  const running = new Map<string, number>();
  let count = 0;
  return (req, res, next) => {
    // Whoever hung up while the token was checked gives no place back: their `close` has been.
    if (res.closed) return;
    const account = localsOf(req).actor?.userId ?? '';
    const own = running.get(account) ?? 0;
    if (count >= total || own >= perAccount) throw new AppError('overloaded', { retryAfterSeconds: 2 });
    count += 1;
    running.set(account, own + 1);
    res.once('close', () => {
      count -= 1;
      const left = (running.get(account) ?? 1) - 1;
      if (left === 0) running.delete(account);
      else running.set(account, left);
    });
    next();
  };
}
