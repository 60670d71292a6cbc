import type { Request, Response } from 'express';
import { actorOf, idempotencyOf, markReplay, ok, parseRequest } from '../../http/index.ts';
import { toAttachedView } from '../images/index.ts';
import { toDeliveryView, toTrackingView } from './deliveries.presenter.ts';
import * as routes from './deliveries.schema.ts';
import { recordDeliveryEventRoute } from './delivery-events.schema.ts';
import * as deliveries from './deliveries.service.ts';
import * as handover from './handover.service.ts';
import { setDeliveryProofRoute } from './proof.schema.ts';
import { setDeliveryProof as setProof } from './proof.service.ts';
import * as tracking from './tracking.service.ts';

export async function getCurrentDelivery(req: Request, res: Response): Promise<void> {
  parseRequest(req, routes.getCurrentDeliveryRoute.request);
  ok(res, toDeliveryView(await deliveries.getCurrentDelivery(actorOf(req))));
}

export async function recordDeliveryEvent(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, recordDeliveryEventRoute.request);
  const input = { ...params, command: body, idempotency: idempotencyOf(req) };
  const { answer, isReplay } = await deliveries.recordDeliveryEvent(input, actorOf(req));
  markReplay(res, isReplay);
  ok(res, answer);
}

export async function setDeliveryProof(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, setDeliveryProofRoute.request);
  ok(res, toAttachedView(await setProof({ ...params, ...body }, actorOf(req))));
}

export async function renewHandoverCode(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.renewHandoverCodeRoute.request);
  ok(res, await deliveries.renewHandoverCode(params.deliveryId, actorOf(req)));
}

export async function renewDeliveryPin(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.renewDeliveryPinRoute.request);
  ok(res, await deliveries.renewDeliveryPin(params.orderId, actorOf(req)));
}

export async function handOverOrder(req: Request, res: Response): Promise<void> {
  const { params, body } = parseRequest(req, routes.handOverOrderRoute.request);
  ok(res, await handover.handOverOrder({ ...params, ...body }, actorOf(req)));
}

export async function getTracking(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getTrackingRoute.request);
  ok(res, toTrackingView(await tracking.getTracking(params.orderId, actorOf(req))));
}
