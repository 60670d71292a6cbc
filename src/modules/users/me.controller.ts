import type { Request, Response } from 'express';
import { actorOf, created, noContent, ok, page, parseRequest } from '../../http/index.ts';
import { addFavouriteRoute, listFavouritesRoute, removeFavouriteRoute } from './favourites.schema.ts';
import * as favourites from './favourites.service.ts';
import { getPreferencesRoute, setPreferencesRoute } from './preferences.schema.ts';
import * as preferences from './preferences.service.ts';
import { deleteDeviceRoute, listDevicesRoute, registerDeviceRoute } from './push-devices.schema.ts';
import * as devices from './push-devices.service.ts';
import { toFavouriteView, toPushDeviceView } from './users.presenter.ts';

export async function getPreferences(req: Request, res: Response): Promise<void> {
  parseRequest(req, getPreferencesRoute.request);
  ok(res, await preferences.getPreferences(actorOf(req).userId));
}

export async function setPreferences(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, setPreferencesRoute.request);
  ok(res, await preferences.setPreferences(body, actorOf(req).userId));
}

export async function listDevices(req: Request, res: Response): Promise<void> {
  parseRequest(req, listDevicesRoute.request);
  const data = await devices.listPushDevices(actorOf(req).userId);
  page(res, { data: data.map(toPushDeviceView), limit: devices.MAX_PUSH_DEVICES, nextCursor: null });
}

export async function registerDevice(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, registerDeviceRoute.request);
  const device = await devices.registerPushDevice(body, actorOf(req).userId);
  created(res, `/api/v1/me/devices/${device.id}`, toPushDeviceView(device));
}

export async function deleteDevice(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, deleteDeviceRoute.request);
  await devices.deletePushDevice(params.deviceId, actorOf(req).userId);
  noContent(res);
}

export async function listFavourites(req: Request, res: Response): Promise<void> {
  const { query } = parseRequest(req, listFavouritesRoute.request);
  const { data, nextCursor } = await favourites.listFavourites(query, actorOf(req).userId);
  page(res, { data: data.map(toFavouriteView), limit: query.limit, nextCursor });
}

export async function addFavourite(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, addFavouriteRoute.request);
  await favourites.addFavourite(params.restaurantId, actorOf(req).userId);
  noContent(res);
}

export async function removeFavourite(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, removeFavouriteRoute.request);
  await favourites.removeFavourite(params.restaurantId, actorOf(req).userId);
  noContent(res);
}
