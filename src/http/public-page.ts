import type { Request, Response } from 'express';
import { config } from '../config/index.ts';
import { pageId, readPage, variantOf, type PageRequest } from '../infra/pages/index.ts';
import { localsOf } from './actor.ts';
import { openLane } from './fast-lane.ts';
import { routeTemplate } from './middleware/request-log.ts';
import { bodyHeaders, encodingFor, isKnown, pageHeaders } from './page-headers.ts';

/**
 * Answers with a public page: finished bytes with a strong tag, the same for everybody. `load` gets nothing of the request, and `key`
 * must hold all that the body depends on.
 */
export async function publicPage(req: Request, res: Response, request: PageRequest): Promise<void> {
  const page = await readPage(request);
  const variant = await variantOf(page, encodingFor(req.headers, page.plain.body.length));
  openLane(req, {
    id: pageId(request),
    name: request.name,
    route: routeTemplate(req, localsOf(req)),
    limits: localsOf(req).limits ?? [],
  });
  if (config.http.compression) res.vary('Accept-Encoding');
  for (const [name, value] of pageHeaders(variant)) res.setHeader(name, value);
  if (isKnown(req.headers, variant)) {
    res.status(304).end();
    return;
  }
  res.status(200);
  for (const [name, value] of bodyHeaders(variant)) res.setHeader(name, value);
  res.end(req.method === 'HEAD' ? undefined : variant.body);
}
