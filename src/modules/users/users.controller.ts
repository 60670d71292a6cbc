import type { Request, Response } from 'express';
import { actorOf, created, noContent, ok, page, parseRequest } from '../../http/index.ts';
import * as addresses from './addresses.service.ts';
import { addAddressRoute, deleteAddressRoute, listAddressesRoute, updateAddressRoute } from './addresses.schema.ts';
import * as profile from './profile.service.ts';
import { toMeView } from './users.presenter.ts';
import { getMeRoute, updateMeRoute } from './users.schema.ts';

export async function getMe(req: Request, res: Response): Promise<void> {
  parseRequest(req, getMeRoute.request);
  ok(res, toMeView(await profile.getMe(actorOf(req).userId)));
}

export async function updateMe(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, updateMeRoute.request);
  ok(res, toMeView(await profile.updateMe(body, actorOf(req).userId)));
}

export async function listAddresses(req: Request, res: Response): Promise<void> {
  parseRequest(req, listAddressesRoute.request);
  const data = await addresses.listAddresses(actorOf(req).userId);
  page(res, { data, limit: addresses.MAX_ADDRESSES, nextCursor: null });
}

export async function addAddress(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, addAddressRoute.request);
  const address = await addresses.addAddress(body, actorOf(req).userId);
  created(res, `/api/v1/me/addresses/${address.id}`, address);
}

export async function updateAddress(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, updateAddressRoute.request);
  ok(res, await addresses.updateAddress(body, params.addressId, actorOf(req).userId));
}

export async function deleteAddress(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, deleteAddressRoute.request);
  await addresses.deleteAddress(params.addressId, actorOf(req).userId);
  noContent(res);
}
