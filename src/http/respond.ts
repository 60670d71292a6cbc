import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
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

/** Without a body where there is nothing to tell, such as whether a mail goes out. */
export function accepted(res: Response, body?: object): void {
  privately(res).status(202);
  if (body === undefined) res.end();
  else res.json(body);
}

/** Sends the browser on. Without a body, and without telling the next page where it came from: the address may hold a code. */
export function found(res: Response, location: string): void {
  privately(res).status(302).setHeader('Referrer-Policy', 'no-referrer').location(location).end();
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

/** A file to save. Sent as it is stored to whoever takes gzip, which is every browser; unpacked on the way for everybody else. */
export async function sendGzippedJson(
  res: Response,
  { fileName, content }: { fileName: string; content: Uint8Array },
): Promise<void> {
  privately(res).status(200).attachment(fileName).type('application/json').vary('Accept-Encoding');
  if (res.req.acceptsEncodings('gzip') === false) {
    await pipeline(Readable.from([content]), createGunzip(), res);
    return;
  }
  res.setHeader('Content-Encoding', 'gzip').end(content);
}

/** A file to save under a name. */
export function sendFile(
  res: Response,
  { fileName, type, content }: { fileName: string; type: string; content: string | Buffer },
): void {
  privately(res).status(200).attachment(fileName).type(type).send(content);
}

/** For people who come by a link in a mail. Loads nothing: the policy of the API holds. */
export function sendPage(res: Response, { page: html, status }: { page: string; status: number }): void {
  privately(res).status(status).setHeader('Referrer-Policy', 'no-referrer').type('text/html').send(html);
}
