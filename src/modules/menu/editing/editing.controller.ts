import type { Request, Response } from 'express';
import {
  actorOf,
  created,
  expectedVersion,
  noContent,
  ok,
  page,
  parseRequest,
  tagVersion,
} from '../../../http/index.ts';
import * as availability from './availability.service.ts';
import * as categoryRoutes from './categories.schema.ts';
import * as categories from './categories.service.ts';
import { toCategoryView, toItemView } from './editing.presenter.ts';
import * as routes from './editing.schema.ts';
import * as parts from './item-parts.service.ts';
import * as items from './items.service.ts';

export async function listCategories(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, categoryRoutes.listCategoriesRoute.request);
  const data = (await categories.listCategories(params.restaurantId, actorOf(req))).map(toCategoryView);
  page(res, { data, limit: data.length, nextCursor: null });
}

export async function createCategory(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, categoryRoutes.createCategoryRoute.request);
  const row = await categories.createCategory({ ...params, ...body }, actorOf(req));
  tagVersion(res, row.version);
  created(res, `/api/v1/restaurants/${params.restaurantId}/categories`, toCategoryView(row));
}

export async function changeCategory(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, categoryRoutes.changeCategoryRoute.request);
  const input = { ...params, ...body, expectedVersion: expectedVersion(req) };
  const row = await categories.changeCategory(input, actorOf(req));
  tagVersion(res, row.version);
  ok(res, toCategoryView(row));
}

export async function deleteCategory(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, categoryRoutes.deleteCategoryRoute.request);
  await categories.deleteCategory({ ...params, expectedVersion: expectedVersion(req) }, actorOf(req));
  noContent(res);
}

export async function orderCategories(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, categoryRoutes.orderCategoriesRoute.request);
  const data = (await categories.orderCategories({ ...params, ...body }, actorOf(req))).map(toCategoryView);
  page(res, { data, limit: data.length, nextCursor: null });
}

export async function orderItems(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, categoryRoutes.orderItemsRoute.request);
  await items.orderItems({ ...params, ...body }, actorOf(req));
  noContent(res);
}

export async function listItems(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listItemsRoute.request);
  const { data, ...rest } = await items.listItems({ ...params, ...query }, actorOf(req));
  page(res, { data: data.map(toItemView), ...rest });
}

export async function createItem(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.createItemRoute.request);
  const row = await items.createItem({ ...params, ...body }, actorOf(req));
  tagVersion(res, row.version);
  created(res, `/api/v1/items/${row._id}`, toItemView(row));
}

export async function getItem(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getItemRoute.request);
  showItem(res, await items.getItem(params.itemId, actorOf(req)));
}

export async function changeItem(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.changeItemRoute.request);
  const input = { ...params, ...body, expectedVersion: expectedVersion(req) };
  showItem(res, await items.changeItem(input, actorOf(req)));
}

export async function deleteItem(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.deleteItemRoute.request);
  await items.deleteItem({ ...params, expectedVersion: expectedVersion(req) }, actorOf(req));
  noContent(res);
}

export async function setItemOptions(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemOptionsRoute.request);
  const input = { ...params, ...body, expectedVersion: expectedVersion(req) };
  showItem(res, await parts.setItemOptions(input, actorOf(req)));
}

export async function setItemSizes(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemSizesRoute.request);
  const input = { ...params, ...body, expectedVersion: expectedVersion(req) };
  showItem(res, await parts.setItemSizes(input, actorOf(req)));
}

export async function setItemAvailability(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemAvailabilityRoute.request);
  showItem(res, await availability.setItemAvailability({ ...params, ...body }, actorOf(req)));
}

export async function setItemStock(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.setItemStockRoute.request);
  showItem(res, await availability.setItemStock({ ...params, ...body }, actorOf(req)));
}

function showItem(res: Response, row: Parameters<typeof toItemView>[0]): void {
  tagVersion(res, row.version);
  ok(res, toItemView(row));
}
