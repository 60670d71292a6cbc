import type { Request, Response } from 'express';
import { accepted, actorOf, noContent, page, parseRequest } from '../../../http/index.ts';
import * as routes from './cards.schema.ts';
import { toCardView } from './cards.presenter.ts';
import * as service from './cards.service.ts';

export async function addCard(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.addCardRoute.request);
  accepted(res, await service.addCard(actorOf(req)));
}

export async function listCards(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.listCardsRoute.request);
  const cards = await service.listCards(actorOf(req));
  page(res, { data: cards.map(toCardView), limit: service.MOST_CARDS, nextCursor: null });
}

export async function removeCard(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.removeCardRoute.request);
  await service.removeCard(params.cardId, actorOf(req));
  noContent(res);
}
