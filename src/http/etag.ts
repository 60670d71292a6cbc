import type { Request, Response } from 'express';
import { AppError } from '../errors/index.ts';

/** Names the version that the answer shows; the next edit sends it back in `If-Match`. */
export function tagVersion(res: Response, version: number): void {
  res.setHeader('ETag', `"${version}"`);
}

/**
 * The version that an edit is made on. A weak tag counts too: proxies weaken what they compress.
 * @throws AppError `if_match_missing`, also for what no answer of ours carried
 */
export function expectedVersion(req: Request): number {
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(req.get('if-match') ?? '') ?? [];
  if (version === undefined) throw new AppError('if_match_missing');
  return Number(version);
}
