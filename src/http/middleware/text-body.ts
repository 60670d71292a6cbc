import express, { type Request, type RequestHandler } from 'express';
import { AppError } from '../../errors/index.ts';
import { limitBody } from './limit-body.ts';

const UTF_8 = /;\s*charset\s*=\s*"?utf-?8"?\s*(;|$)/i;

/** A file as the body itself, of one of these types and in UTF-8, for `textOf`. */
export function receiveText({ types, maxBytes }: { types: string[]; maxBytes: number }): RequestHandler[] {
  const refuseOtherTypes: RequestHandler = (req, _res, next) => {
    const type = req.get('content-type') ?? '';
    const isOtherCharset = /charset/i.test(type) && (!UTF_8.test(type) || /charset.*charset/i.test(type));
    if (typeof req.is(types) !== 'string' || isOtherCharset) {
      throw new AppError('unsupported_media_type', { details: { accepted: types } });
    }
    next();
  };
  return [refuseOtherTypes, limitBody(maxBytes), express.raw({ type: types, limit: maxBytes })];
}

/** @throws AppError `validation_failed` for what is empty or no UTF-8 */
export function textOf(req: Request): string {
  const body: unknown = req.body;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.isBuffer(body) ? body : undefined);
    if (text.trim() !== '') return text;
  } catch {
    // The decoder's own words say nothing to whoever sent it.
  }
  const details = [{ path: '', code: 'unreadable', message: 'The file is empty, or not in UTF-8.' }];
  throw new AppError('validation_failed', { details });
}
