import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { cartViewSchema } from '../../carts/index.ts';
import { slotQuery } from '../../restaurants/index.ts';

export const reorderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/reorder',
  operationId: 'reorder',
  tag: 'Checkout',
  summary: 'Put what you ordered into the cart once more',
  description: 'What cannot be had any more is left out and named. Prices are those of today.',
  auth: 'order.place',
  request: {
    params: z.strictObject({ orderId: idSchema }),
    query: slotQuery,
    body: z
      .strictObject({
        replace: z.boolean().default(false).meta({ description: 'Give up the lines of another restaurant.' }),
      })
      .meta({ id: 'Reorder', examples: [{ replace: true }] }),
  },
  responses: {
    200: z
      .strictObject({
        cart: cartViewSchema,
        unavailable: z.array(
          z.strictObject({
            name: z.string(),
            reason: z.string().meta({ description: 'As of `problems` in the cart, such as `sold_out`.' }),
          }),
        ),
      })
      .meta({ id: 'Reordered' }),
  },
  errors: [
    'not_found',
    'restaurant_unavailable',
    'cart_other_restaurant',
    'cart_full',
    'version_conflict',
    'slot_unavailable',
  ],
});

export const reorderContracts = [reorderRoute];
