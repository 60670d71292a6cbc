import type { Request, Response } from 'express';
import { actorOf, created, idempotencyOf, markReplay, ok, parseRequest } from '../../http/index.ts';
import { toQuoteView } from './checkout.presenter.ts';
import { createQuoteRoute, getQuoteRoute, placeOrderRoute } from './checkout.schema.ts';
import * as checkout from './checkout.service.ts';
import * as quotes from './quotes.service.ts';

export async function createQuote(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, createQuoteRoute.request);
  const quote = await quotes.createQuote(body, actorOf(req).userId);
  created(res, `/api/v1/quotes/${quote._id}`, toQuoteView(quote));
}

export async function getQuote(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, getQuoteRoute.request);
  ok(res, toQuoteView(await quotes.getQuote(params.quoteId, actorOf(req).userId)));
}

export async function placeOrder(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, placeOrderRoute.request);
  const { answer, isReplay } = await checkout.placeOrder({ ...body, idempotency: idempotencyOf(req) }, actorOf(req));
  markReplay(res, isReplay);
  created(res, `/api/v1/orders/${answer.id}`, answer);
}
