import type { Request, Response } from 'express';
import { cachePublicly, page, parseRequest, publicPage } from '../../../http/index.ts';
import { toSearchHit } from './search.presenter.ts';
import { searchRoute, suggestRoute } from './search.schema.ts';
import * as searching from './search.service.ts';
import * as suggesting from './suggest.service.ts';

const MAX_AGE_SECONDS = 10;
const MAX_SHARED_LETTERS = 12;

export async function search(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, searchRoute.request);
  const { q, lat, lng, limit, cursor = null } = query;
  const point = lat === undefined || lng === undefined ? null : { lat, lng };
  const { data, nextCursor } = await searching.search({ q, point, limit, cursor });
  cachePublicly(res, MAX_AGE_SECONDS);
  page(res, { data: data.map(toSearchHit), limit, nextCursor });
}

export async function suggest(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, suggestRoute.request);
  // Names and words of a minute ago are no lie: no version ends them.
  const load = async () => ({ body: { data: await suggesting.suggest(query.q, query.limit) }, touches: [] });
  // Beginnings of a word are few; whole sentences are without end.
  const isShared = query.q.length <= MAX_SHARED_LETTERS;
  await publicPage(req, res, { name: 'suggest', key: query, isShared, load });
}
