import { z } from 'zod';
import { defineRoute, idSchema, pageSchema, timeSchema } from '../../../http/index.ts';

const cardSchema = z
  .strictObject({
    id: idSchema,
    brand: z.string(),
    last4: z.string(),
    expMonth: z.int(),
    expYear: z.int(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Card' });

export const addCardRoute = defineRoute({
  method: 'post',
  path: '/me/cards',
  operationId: 'addCard',
  tag: 'Me',
  summary: 'Begin to save a card',
  description:
    'The browser gives the card to the payment provider with this secret, never to us. It is in your list once the provider has it.',
  auth: 'cards.use',
  request: {},
  responses: {
    202: z.strictObject({ clientSecret: z.string(), publishableKey: z.string() }).meta({ id: 'CardSetup' }),
  },
  errors: ['too_many_cards', 'payment_provider_unavailable'],
});

export const listCardsRoute = defineRoute({
  method: 'get',
  path: '/me/cards',
  operationId: 'listCards',
  tag: 'Me',
  summary: 'Your saved cards, newest first',
  auth: 'cards.use',
  request: {},
  responses: { 200: pageSchema(cardSchema) },
  errors: [],
});

export const removeCardRoute = defineRoute({
  method: 'delete',
  path: '/me/cards/{cardId}',
  operationId: 'removeCard',
  tag: 'Me',
  summary: 'Forget a card, here and at the provider',
  auth: 'cards.use',
  request: { params: z.strictObject({ cardId: idSchema }) },
  responses: { 204: null },
  errors: ['not_found'],
});

export const cardContracts = [addCardRoute, listCardsRoute, removeCardRoute];
