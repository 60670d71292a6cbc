import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { orderSchema } from '../order-view.schema.ts';

export const delayOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/delay',
  operationId: 'delayOrder',
  tag: 'Restaurant console',
  summary: 'The food takes longer than was said',
  description:
    'Three times at most, and by 90 minutes in all. `promisedAt` stays; `readyEta` and `eta` move, the courier is sent later and the customer told.',
  auth: 'order.cook',
  request: {
    params: z.strictObject({ orderId: idSchema }),
    body: z
      .strictObject({
        prepMinutes: z.int().min(6).max(180).meta({ description: 'In all, counted from the acceptance.' }),
      })
      .meta({ examples: [{ prepMinutes: 35 }] }),
  },
  responses: { 200: orderSchema },
  errors: ['not_found', 'invalid_transition', 'delay_refused'],
});

export const delayContracts = [delayOrderRoute];
