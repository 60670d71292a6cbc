import type { Request, Response } from 'express';
import {
  actorOf,
  created,
  expectedVersion,
  ok,
  page,
  parseRequest,
  publicPage,
  tagVersion,
} from '../../../http/index.ts';
import { listVersions, versionOf } from '../../../shared/public-versions.ts';
import * as branches from './branches.queries.ts';
import { toBranchView, toBrandView, toOwnBrandView } from './brands.presenter.ts';
import * as routes from './brands.schema.ts';
import * as brands from './brands.service.ts';

export async function createBrand(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.createBrandRoute.request);
  const brand = await brands.createBrand(body, actorOf(req));
  tagVersion(res, brand.version);
  created(res, `/api/v1/brands/${brand._id}/console`, toOwnBrandView(brand));
}

export async function listBrands(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.listBrandsRoute.request);
  const data = (await brands.listBrands(actorOf(req))).map(toOwnBrandView);
  page(res, { data, limit: data.length, nextCursor: null });
}

export async function getOwnBrand(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getOwnBrandRoute.request);
  const brand = await brands.getOwnBrand(params.brandId, actorOf(req));
  tagVersion(res, brand.version);
  ok(res, toOwnBrandView(brand));
}

export async function updateBrand(req: Request, res: Response): Promise<void> {
  const { params, body: change } = parseRequest(req, routes.updateBrandRoute.request);
  const edit = { ...params, expectedVersion: expectedVersion(req), change };
  const brand = await brands.updateBrand(edit, actorOf(req));
  tagVersion(res, brand.version);
  ok(res, toOwnBrandView(brand));
}

export async function getBrand(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getBrandRoute.request);
  const load = async () => {
    const { row, liveBranchId } = await branches.getBrand(params.brandId);
    return { body: toBrandView(row), touches: [versionOf.brand(params.brandId), versionOf.restaurant(liveBranchId)] };
  };
  await publicPage(req, res, { name: 'brand', key: params, load });
}

export async function listBranches(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.listBranchesRoute.request);
  const load = async () => {
    const { data, limit, nextCursor, validUntil } = await branches.listBranches({ ...params, ...query });
    const body = { data: data.map(toBranchView), page: { limit, nextCursor, hasMore: nextCursor !== null } };
    const shown = listVersions({ keys: [], shownIds: data.map(({ restaurant }) => restaurant.id) });
    return { body, touches: [versionOf.brand(params.brandId), ...shown], validUntil };
  };
  await publicPage(req, res, { name: 'branches', key: { ...params, ...query }, load });
}
