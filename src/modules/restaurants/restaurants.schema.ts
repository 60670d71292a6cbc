import { z } from 'zod';
import {
  defineRoute,
  geoPointSchema,
  idSchema,
  moneySchema,
  pictureSchema,
  pointQuery,
  timeSchema,
} from '../../http/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { UNAVAILABLE_REASONS } from './availability.ts';
import { ORDER_MODES } from './order-modes.ts';

const NEEDS_BOTH = 'lat and lng come together';

const restaurantParams = z.strictObject({ restaurantId: idSchema });

const availabilityQuery = z
  .strictObject({
    ...pointQuery,
    mode: z
      .enum(ORDER_MODES)
      .optional()
      .meta({ description: 'Without it, delivery where a point is given, else any.' }),
    at: z.iso
      .datetime({ offset: true })
      .meta({ examples: ['2026-11-21T13:00:00Z'] })
      .transform((text) => dateFrom(text))
      .optional()
      .meta({ description: 'At most 60 days ahead; without it, now.' }),
  })
  .refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), { path: ['lat'], message: NEEDS_BOTH });

const availabilityFields = {
  isOpen: z.boolean().meta({ description: 'Takes orders now, for the given point when there is one.' }),
  reason: z.enum(UNAVAILABLE_REASONS).nullable(),
  isBusy: z.boolean().meta({ description: 'Open, but the kitchen takes longer than usual.' }),
  nextOpenAt: timeSchema.nullable(),
  openUntil: timeSchema.nullable().meta({ description: 'Null when not open, and when it never closes.' }),
  timeZone: z.string().meta({ examples: ['Asia/Kolkata'] }),
};

export const availabilitySchema = z.strictObject(availabilityFields).meta({ id: 'Availability' });
const availabilityAtSchema = z
  .strictObject({
    ...availabilityFields,
    at: timeSchema.nullable().meta({ description: 'The instant that was asked for; null: now.' }),
  })
  .meta({
    id: 'AvailabilityAt',
    examples: [
      {
        isOpen: false,
        reason: 'closed_hours',
        isBusy: false,
        nextOpenAt: '2026-11-20T13:30:00.000Z',
        openUntil: null,
        timeZone: 'Asia/Kolkata',
        at: null,
      },
    ],
  });

const cardFields = {
  id: idSchema,
  name: z.string(),
  slug: z.string(),
  cuisines: z.array(z.string()),
  diets: z.array(z.string()),
  imageUrl: z.url().nullable(),
  rating: z.strictObject({ average: z.number(), count: z.int() }),
  location: geoPointSchema,
  prepMinutes: z.int(),
  minimumOrder: moneySchema.meta({ description: 'The lowest of its areas.' }),
  deliveryFeeFrom: moneySchema.meta({ description: 'For the shortest way; the quote has the fee of the address.' }),
  freeDeliveryOver: moneySchema.nullable(),
};

const spanFields = {
  opens: z.string().meta({ examples: ['12:00'] }),
  closes: z.string().meta({ examples: ['23:30'] }),
};

const fees = z.array(
  z.strictObject({
    upToMeters: z.int().meta({ description: 'By road.' }),
    fromSubtotal: moneySchema.meta({ description: 'From this subtotal of the items on.' }),
    fee: moneySchema,
  }),
);

const deliveryAreaSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    polygon: z
      .strictObject({ type: z.literal('Polygon'), coordinates: z.array(z.array(z.tuple([z.number(), z.number()]))) })
      .meta({ description: 'GeoJSON, longitude first.' }),
    fees,
    minimumOrder: moneySchema,
    freeDeliveryOver: moneySchema.nullable(),
  })
  .meta({ id: 'DeliveryArea' });

const restaurantSchema = z
  .strictObject({
    ...cardFields,
    description: z.string(),
    phone: z.string(),
    addressLine: z.string(),
    timeZone: z.string(),
    currency: z.string().length(3),
    modes: z.array(z.enum(ORDER_MODES)),
    picture: pictureSchema.nullable(),
    deliveryRadiusMeters: z.int().nullable().meta({ description: 'Null where it delivers to areas.' }),
    deliveryFees: fees.meta({ description: 'Within the radius; empty where it delivers to areas.' }),
    deliveryAreas: z
      .array(deliveryAreaSchema)
      .meta({ description: 'Empty where a radius counts. The first that holds a point has its terms.' }),
    serviceFee: moneySchema,
    packagingFee: moneySchema,
    smallOrderFee: z
      .strictObject({ below: moneySchema, fee: moneySchema })
      .nullable()
      .meta({ description: 'Added where the items come to less than `below`, before any discount.' }),
    pricesIncludeTax: z.boolean(),
    hours: z
      .array(z.strictObject({ weekday: z.int().min(1).max(7), ...spanFields }))
      .meta({ description: 'Local time; 1 is Monday. A span that closes before it opens ends on the next day.' }),
    exceptions: z
      .array(
        z.strictObject({ date: z.iso.date(), spans: z.array(z.strictObject(spanFields)), note: z.string().nullable() }),
      )
      .meta({ description: 'From today on; no spans means closed.' }),
    availability: availabilitySchema,
  })
  .meta({ id: 'Restaurant' });

export type RestaurantBody = z.output<typeof restaurantSchema>;
export type AvailabilityBody = z.output<typeof availabilitySchema>;

export const getRestaurantRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}',
  operationId: 'getRestaurant',
  tag: 'Discovery',
  summary: 'One restaurant',
  auth: 'public',
  request: { params: restaurantParams },
  responses: { 200: restaurantSchema },
  errors: ['not_found'],
});

export const getAvailabilityRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/availability',
  operationId: 'getAvailability',
  tag: 'Discovery',
  summary: 'Does it take orders now, or at another time, why not, and when again',
  auth: 'public',
  request: { params: restaurantParams, query: availabilityQuery },
  responses: { 200: availabilityAtSchema },
  errors: ['not_found'],
});

export const restaurantsContracts = [getRestaurantRoute, getAvailabilityRoute];
