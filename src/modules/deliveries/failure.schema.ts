import { z } from 'zod';
import { defineRoute, idSchema } from '../../http/index.ts';
import { orderSchema } from '../orders/index.ts';
import { LIABLE_PARTIES } from '../../shared/liable-party.ts';
import { DISPOSALS, FAILURE_REASONS } from './failure.policy.ts';

const params = z.strictObject({ orderId: idSchema });
const code = z.string().regex(/^\d{4}$/, 'must be four digits');

export const failDeliveryRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/fail',
  operationId: 'failDelivery',
  tag: 'Orders',
  summary: 'The food does not reach its customer; for the office, which need not wait',
  description:
    'Once the courier has the food. Who bears it follows from the reason unless `liableParty` says otherwise: a customer who is to blame and has paid by card gets nothing back, everybody else everything. ' +
    'The courier is paid for the way unless liable. Food on its way back that nobody takes: `discard` frees its courier, and changes nothing else.',
  auth: 'order.fail',
  request: {
    params,
    body: z
      .strictObject({
        reason: z.enum(FAILURE_REASONS),
        disposal: z.enum(DISPOSALS),
        liableParty: z.enum(LIABLE_PARTIES).optional(),
      })
      .meta({ examples: [{ reason: 'unsafe_place', disposal: 'discard', liableParty: 'platform' }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'own_side', 'invalid_transition'],
  isIdempotent: true,
});

export const takeBackOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/take-back',
  operationId: 'takeBackOrder',
  tag: 'Restaurant console',
  summary: 'Take back food that found nobody from the courier who shows this code',
  auth: 'order.cook',
  request: { params, body: z.strictObject({ code }).meta({ examples: [{ code: '0429' }] }) },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition', 'handover_code_wrong', 'handover_code_locked'],
});

export const failureContracts = [failDeliveryRoute, takeBackOrderRoute];
