import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, moneySchema, timeSchema, wholeNumber } from '../../../http/index.ts';
import { UNAVAILABLE_REASONS } from '../availability.ts';
import { ORDER_MODES } from '../order-modes.ts';
import { availabilitySchema } from '../restaurants.schema.ts';
import { SLOT_REASONS } from './slots.ts';

const MAX_DAYS = 7;

const slotsQuery = z
  .strictObject({
    date: z.iso
      .date()
      .optional()
      .meta({ description: 'By the calendar of the restaurant.', examples: ['2026-11-21'] }),
    days: wholeNumber(1, MAX_DAYS)
      .optional()
      .meta({ description: 'From today on; one when neither is given.', override: { examples: [3] } }),
    mode: z.enum(ORDER_MODES).optional(),
  })
  .refine(({ date, days }) => date === undefined || days === undefined, {
    path: ['days'],
    message: 'send either date or days',
  });

const slotDaySchema = z
  .strictObject({
    date: z.iso.date(),
    reason: z.enum(UNAVAILABLE_REASONS).nullable().meta({ description: 'Why the date has no slot.' }),
    slots: z.array(
      z.strictObject({
        from: timeSchema,
        to: timeSchema,
        isAvailable: z.boolean(),
        reason: z.enum(SLOT_REASONS).nullable().meta({
          description: '`too_soon`: the kitchen would have had to begin already.',
        }),
      }),
    ),
  })
  .meta({ id: 'SlotDay' });

const slotsSchema = z
  .strictObject({ timeZone: z.string(), mode: z.enum(ORDER_MODES).nullable(), days: z.array(slotDaySchema) })
  .meta({ id: 'Slots' });

const serviceabilityBody = z
  .strictObject({
    ...geoPointSchema.shape,
    restaurantId: idSchema.optional().meta({ description: 'Ask for the terms of this one, too.' }),
  })
  .meta({
    id: 'CheckServiceability',
    examples: [{ lat: 15.2003, lng: 73.1004, restaurantId: '65f0c0ffee00000000000001' }],
  });

const termsSchema = z.strictObject({
  area: z.strictObject({ id: z.string(), name: z.string() }).nullable().meta({ description: 'Null: a radius counts.' }),
  minimumOrder: moneySchema,
  freeDeliveryOver: moneySchema.nullable(),
  fees: z
    .array(z.strictObject({ fromSubtotal: moneySchema, fee: moneySchema }))
    .meta({ description: 'For this distance, by the subtotal of the items.' }),
});

const servingSchema = z.strictObject({
  id: idSchema,
  distanceMeters: z.int().meta({ description: 'Great circle times 1.35, as the fee counts it.' }),
  terms: termsSchema.nullable().meta({ description: 'Null: it does not deliver there.' }),
  availability: availabilitySchema,
});

const serviceabilitySchema = z
  .strictObject({
    isServiceable: z.boolean(),
    zone: z.strictObject({ id: idSchema, name: z.string() }).nullable(),
    restaurantCount: z.int().meta({ description: 'Live restaurants that deliver there, open or not.' }),
    hasMore: z.boolean().meta({ description: 'There may be more than were counted.' }),
    restaurant: servingSchema.nullable(),
  })
  .meta({ id: 'Serviceability' });

export type SlotsBody = z.output<typeof slotsSchema>;
export type ServiceabilityBody = z.output<typeof serviceabilitySchema>;

export const listSlotsRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/slots',
  operationId: 'listSlots',
  tag: 'Discovery',
  summary: 'When food can be ready, today or on other dates',
  description:
    'A slot is when the food is ready: to be fetched, or to be brought on its way. It is free where the kitchen would take an order at the ' +
    'moment at which it would have to begin, preparation time and capacity counted. A date has as many slots as its hours give.',
  auth: 'public',
  request: { params: z.strictObject({ restaurantId: idSchema }), query: slotsQuery },
  responses: { 200: slotsSchema },
  errors: ['not_found'],
});

export const checkServiceabilityRoute = defineRoute({
  method: 'post',
  path: '/serviceability',
  operationId: 'checkServiceability',
  tag: 'Discovery',
  summary: 'Who delivers to a point, and on what terms',
  description: 'By POST, so that the place where somebody lives stands in no log of addresses.',
  auth: 'public',
  request: { body: serviceabilityBody },
  responses: { 200: serviceabilitySchema },
  errors: ['not_found'],
});

export const servingContracts = [listSlotsRoute, checkServiceabilityRoute];
