import type { Request, Response } from 'express';
import { accepted, actorOf, idempotencyOf, markReplay, ok, page, parseRequest } from '../../http/index.ts';
import * as locations from './courier-locations.service.ts';
import * as routes from './couriers.schema.ts';
import * as couriers from './couriers.service.ts';
import { toCourierView, toOfferView } from './deliveries.presenter.ts';
import * as offers from './offers.service.ts';

export async function getCourier(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.getCourierRoute.request);
  ok(res, toCourierView(await couriers.getCourier(actorOf(req))));
}

export async function setAvailability(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.setAvailabilityRoute.request);
  ok(res, toCourierView(await couriers.setAvailability(body, actorOf(req))));
}

export async function recordLocations(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.recordLocationsRoute.request);
  accepted(res, { isKept: await locations.recordLocations(body.fixes, actorOf(req)) });
}

export async function listOffers(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.listOffersRoute.request);
  const data = await offers.listOffers(actorOf(req));
  page(res, { data: data.map(toOfferView), limit: offers.MAX_LISTED_OFFERS, nextCursor: null });
}

export async function acceptOffer(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.acceptOfferRoute.request);
  const input = { ...params, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await offers.acceptOffer(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function declineOffer(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.declineOfferRoute.request);
  ok(res, toOfferView(await offers.declineOffer(params.offerId, actorOf(req))));
}
