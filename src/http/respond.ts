import type { Response } from 'express';

export interface Page<T> {
  data: T[];
  limit: number;
  nextCursor: string | null;
}

/** Answers hold personal data unless a route says otherwise. */
function privately(res: Response): Response {
  if (res.getHeader('Cache-Control') === undefined) res.setHeader('Cache-Control', 'no-store');
  return res;
}

export function ok(res: Response, body: object): void {
  privately(res).status(200).json(body);
}

export function created(res: Response, location: string, body: object): void {
  privately(res).status(201).location(location).json(body);
}

export function accepted(res: Response, body: object): void {
  privately(res).status(202).json(body);
}

export function noContent(res: Response): void {
  privately(res).status(204).end();
}

export function page<T>(res: Response, { data, limit, nextCursor }: Page<T>): void {
  privately(res)
    .status(200)
    .json({ data, page: { limit, nextCursor, hasMore: nextCursor !== null } });
}

/** Marks an answer that was given before under the same Idempotency-Key. */
export function markReplay(res: Response, isReplay: boolean): void {
  if (isReplay) res.setHeader('Idempotent-Replayed', 'true');
}

/** For public pages that a shared cache may keep. */
export function cachePublicly(res: Response, maxAgeSeconds: number): void {
  res.setHeader('Cache-Control', `public, max-age=${maxAgeSeconds}`);
}
