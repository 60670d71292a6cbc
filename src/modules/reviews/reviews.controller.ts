import type { Request, Response } from 'express';
import { actorOf, created, ok, page, parseRequest, publicPage } from '../../http/index.ts';
import { reviewVersions } from '../../shared/public-versions.ts';
import * as moderation from './moderation.service.ts';
import { toFullReviewView, toOwnReviewView, toReviewView } from './reviews.presenter.ts';
import * as queries from './reviews.queries.ts';
import * as routes from './reviews.schema.ts';
import * as service from './reviews.service.ts';

export async function reviewOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.reviewOrderRoute.request);
  const review = await service.reviewOrder({ ...params, ...body }, actorOf(req));
  created(res, `/api/v1/orders/${params.orderId}/review`, toOwnReviewView(review));
}

export async function getOrderReview(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getOrderReviewRoute.request);
  ok(res, toOwnReviewView(await queries.getOrderReview(params.orderId, actorOf(req))));
}

export async function listReviews(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listReviewsRoute.request);
  const load = async () => {
    const { data, nextCursor } = await queries.listReviews(params.restaurantId, query);
    const body = {
      data: data.map(toReviewView),
      page: { limit: query.limit, nextCursor, hasMore: nextCursor !== null },
    };
    return {
      body,
      touches: reviewVersions(
        params.restaurantId,
        data.map(({ review }) => review.customerId),
      ),
    };
  };
  await publicPage(req, res, { name: 'reviews', key: { ...params, ...query }, load });
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
