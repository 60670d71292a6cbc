import type { Request, Response } from 'express';
import { actorOf, idempotencyOf, markReplay, ok, page, parseRequest } from '../../http/index.ts';
import * as queries from './orders.queries.ts';
import { toEventView, toOrderView } from './orders.presenter.ts';
import * as routes from './orders.schema.ts';
import * as service from './orders.service.ts';

export async function listOrders(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, routes.listOrdersRoute.request);
  const { viewer, ...orders } = await queries.listOrders(query, actorOf(req));
  page(res, { ...orders, data: orders.data.map((order) => toOrderView(order, viewer)) });
}

export async function getOrder(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getOrderRoute.request);
  const { order, viewer } = await queries.getOrder(params.orderId, actorOf(req));
  ok(res, toOrderView(order, viewer));
}

export async function listOrderEvents(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listOrderEventsRoute.request);
  const { cursor = 0, after = cursor, ...filter } = query;
  const events = await queries.listOrderEventsFor({ ...params, ...filter, after }, actorOf(req));
  const data = events.data.map((event) => toEventView(event, events.party));
  page(res, { data, limit: events.limit, nextCursor: events.nextCursor });
}

export async function listRestaurantOrders(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listRestaurantOrdersRoute.request);
  const { viewer, ...orders } = await queries.listRestaurantOrders(params.restaurantId, query, actorOf(req));
  page(res, { ...orders, data: orders.data.map((order) => toOrderView(order, viewer)) });
}

export async function acceptOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.acceptOrderRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await service.acceptOrder(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function rejectOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.rejectOrderRoute.request);
  const input = { ...params, ...body, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await service.rejectOrder(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function markOrderPreparing(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.markOrderPreparingRoute.request);
  ok(res, await service.markOrderPreparing(params.orderId, actorOf(req)));
}

export async function markOrderReady(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.markOrderReadyRoute.request);
  ok(res, await service.markOrderReady(params.orderId, actorOf(req)));
}
