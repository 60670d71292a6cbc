import type { Request, Response } from 'express';
import { actorOf, cachePublicly, created, ok, page, parseRequest } from '../../http/index.ts';
import * as moderation from './moderation.service.ts';
import { toFullReviewView, toReviewView } from './reviews.presenter.ts';
import * as queries from './reviews.queries.ts';
import * as routes from './reviews.schema.ts';
import * as service from './reviews.service.ts';

/** A new review may take so long to show to everybody. */
const MAX_AGE_SECONDS = 10;

export async function reviewOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.reviewOrderRoute.request);
  const review = await service.reviewOrder({ ...params, ...body }, actorOf(req));
  created(res, `/api/v1/orders/${params.orderId}/review`, toFullReviewView(review));
}

export async function getOrderReview(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getOrderReviewRoute.request);
  ok(res, toFullReviewView(await queries.getOrderReview(params.orderId, actorOf(req))));
}

export async function listReviews(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listReviewsRoute.request);
  const { data, nextCursor } = await queries.listReviews(params.restaurantId, query);
  cachePublicly(res, MAX_AGE_SECONDS);
  page(res, { data: data.map(toReviewView), limit: query.limit, nextCursor });
}

export async function replyToReview(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.replyToReviewRoute.request);
  ok(res, toReviewView(await service.replyToReview({ ...params, ...body }, actorOf(req))));
}

export async function listAllReviews(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listAllReviewsRoute.request);
  const { restaurantId, hidden = false } = query;
  const { data, nextCursor } = await queries.listAllReviews({ restaurantId, isHidden: hidden }, query);
  page(res, { data: data.map(toFullReviewView), limit: query.limit, nextCursor });
}

export async function moderateReview(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.moderateReviewRoute.request);
  ok(res, toFullReviewView(await moderation.moderateReview({ ...params, ...body })));
}
