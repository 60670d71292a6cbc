import { z } from 'zod';
import { defineRoute, idSchema, moneySchema } from '../../../http/index.ts';
import { LIABLE_PARTIES } from '../../../shared/liable-party.ts';
import { orderSchema } from '../order-view.schema.ts';
import { CANCELLATION_POLICIES, CANCELLATION_REASONS } from './cancellation.policy.ts';

const REASONS = [...new Set(Object.values(CANCELLATION_REASONS).flat())];

const wordsOf = (reasons: readonly string[]) => reasons.map((reason) => `\`${reason}\``).join(', ');
const REASONS_IN_WORDS =
  `The customer's: ${wordsOf(CANCELLATION_REASONS.customer)}. The restaurant's: ${wordsOf(CANCELLATION_REASONS.restaurant)}. ` +
  'The office may give any.';

const cancellationSchema = z
  .strictObject({
    allowed: z.boolean(),
    policy: z.enum(CANCELLATION_POLICIES),
    fee: moneySchema,
    refund: moneySchema.meta({
      description:
        'What of the money that is held or was taken goes back: less what support has given back before, and what the bank has taken back.',
    }),
    liableParty: z.enum(LIABLE_PARTIES).nullable(),
    reason: z.string(),
  })
  .meta({
    id: 'Cancellation',
    examples: [
      {
        ...{ allowed: true, policy: 'food_cost', liableParty: 'customer', reason: 'changed_mind' },
        ...{ fee: { amount: 24900, currency: 'INR' }, refund: { amount: 4900, currency: 'INR' } },
      },
    ],
  });

export const cancelOrderRoute = defineRoute({
  method: 'post',
  path: '/orders/{orderId}/cancel',
  operationId: 'cancelOrder',
  tag: 'Orders',
  summary: 'Cancel; or with `dryRun=true` hear what that would cost',
  description:
    'The customer: free until the restaurant has accepted and for a minute after; then the food, its packaging and their tax stay due, never ' +
    'the delivery or the tip; nothing any more once it is being cooked. The restaurant (`reason` required): from its acceptance until the ' +
    'hand-over, with everything refunded at its expense. The office (`reason` and `liableParty` required, `feeMinor` if it wants one): any ' +
    'open order. With `dryRun=true` nothing is written and no Idempotency-Key is needed.',
  auth: 'order.cancel',
  request: {
    params: z.strictObject({ orderId: idSchema }),
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .optional()
        .transform((text) => text === 'true')
        .meta({ examples: ['true'] }),
    }),
    body: z
      .strictObject({
        reason: z.enum(REASONS).optional().meta({ description: REASONS_IN_WORDS }),
        liableParty: z.enum(LIABLE_PARTIES).optional().meta({ description: 'The office only.' }),
        feeMinor: z
          .int()
          .min(0)
          .optional()
          .meta({ description: 'The office only; minor units. Nothing where the restaurant is liable.' }),
      })
      .meta({
        examples: [{ reason: 'changed_mind' }, { reason: 'courier_unavailable', liableParty: 'platform', feeMinor: 0 }],
      }),
  },
  responses: { 200: z.union([orderSchema, cancellationSchema]) },
  errors: ['not_found', 'own_side', 'invalid_transition', 'fee_too_high'],
  isIdempotent: true,
});

export const cancellationContracts = [cancelOrderRoute];
