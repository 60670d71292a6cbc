import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, moneySchema, pageSchema, timeSchema } from '../../http/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { COURIER_STATUSES, VEHICLES } from './courier.model.ts';
import { DELIVERY_STATUSES } from './delivery.machine.ts';
import { OFFER_STATUSES } from './offer.model.ts';

const MAX_FIXES = 100;
const AN_ID = '65f0c0ffee0000000000abcd';
const A_POINT = { lat: 15.2003, lng: 73.1004 };

const courierSchema = z
  .strictObject({
    id: idSchema,
    vehicle: z.enum(VEHICLES),
    status: z.enum(COURIER_STATUSES),
    isOnline: z.boolean(),
    activeDeliveryId: idSchema.nullable(),
    location: geoPointSchema.nullable(),
    locationAt: timeSchema.nullable(),
  })
  .meta({
    id: 'Courier',
    examples: [
      {
        id: AN_ID,
        vehicle: 'scooter',
        status: 'approved',
        isOnline: true,
        activeDeliveryId: null,
        location: A_POINT,
        locationAt: '2026-11-20T12:30:00.000Z',
      },
    ],
  });

const offerSchema = z
  .strictObject({
    id: idSchema,
    deliveryId: idSchema,
    orderId: idSchema,
    status: z.enum(OFFER_STATUSES),
    pickup: z.strictObject({ name: z.string(), location: geoPointSchema }),
    distanceMeters: z.int().meta({ description: 'From you to the restaurant, as the crow flies.' }),
    tripMeters: z.int().meta({ description: 'From the restaurant to the door, by road.' }),
    fee: moneySchema.meta({ description: 'What you earn.' }),
    expiresAt: timeSchema,
  })
  .meta({
    id: 'Offer',
    examples: [
      {
        id: AN_ID,
        deliveryId: AN_ID,
        orderId: AN_ID,
        status: 'pending',
        pickup: { name: 'Saffron Table', location: A_POINT },
        distanceMeters: 640,
        tripMeters: 2300,
        fee: { amount: 3900, currency: 'INR' },
        expiresAt: '2026-11-20T12:30:30.000Z',
      },
    ],
  });

/** Also the answer of a delivery's events. */
export const assignmentSchema = z
  .strictObject({ deliveryId: idSchema, orderId: idSchema, status: z.enum(DELIVERY_STATUSES), version: z.int() })
  .meta({
    id: 'Assignment',
    examples: [{ deliveryId: AN_ID, orderId: AN_ID, status: 'assigned', version: 4 }],
  });

const offerParams = z.strictObject({ offerId: idSchema });

export const getCourierRoute = defineRoute({
  method: 'get',
  path: '/couriers/me',
  operationId: 'getCourier',
  tag: 'Courier',
  summary: 'You as a courier',
  auth: 'delivery.carry',
  request: {},
  responses: { 200: courierSchema },
  errors: ['not_found'],
});

export const setAvailabilityRoute = defineRoute({
  method: 'put',
  path: '/couriers/me/availability',
  operationId: 'setAvailability',
  tag: 'Courier',
  summary: 'Go online for offers, or offline',
  description:
    'Going offline takes back your open offers; a delivery in hand stays in hand. Offers come only while your last position is younger than two minutes: keep sending it.',
  auth: 'delivery.carry',
  request: {
    body: z
      .strictObject({ isOnline: z.boolean(), location: geoPointSchema.optional() })
      .meta({ examples: [{ isOnline: true, location: A_POINT }] }),
  },
  responses: { 200: courierSchema },
  errors: ['not_found'],
});

export const recordLocationsRoute = defineRoute({
  method: 'post',
  path: '/couriers/me/locations',
  operationId: 'recordLocations',
  tag: 'Courier',
  summary: 'Where you are: a batch of fixes, of which the newest counts',
  description:
    'While you carry an order its customer sees you move, at most once a second: only the neighbourhood until you have the food.',
  auth: 'delivery.carry',
  request: {
    body: z
      .strictObject({
        fixes: z
          .array(
            z.strictObject({
              lat: z.number().min(-90).max(90),
              lng: z.number().min(-180).max(180),
              at: z.iso.datetime().transform((text) => dateFrom(text)),
              accuracyMeters: z.number().min(0).max(100_000).optional(),
            }),
          )
          .min(1)
          .max(MAX_FIXES),
      })
      .meta({ examples: [{ fixes: [{ ...A_POINT, at: '2026-11-20T12:30:00.000Z', accuracyMeters: 8 }] }] }),
  },
  responses: {
    202: z
      .strictObject({ isKept: z.boolean().meta({ description: 'Whether a fix was newer than the one we had.' }) })
      .meta({ examples: [{ isKept: true }] }),
  },
  errors: ['not_found'],
});

export const listOffersRoute = defineRoute({
  method: 'get',
  path: '/offers',
  operationId: 'listOffers',
  tag: 'Courier',
  summary: 'Your open offers, the most urgent first',
  auth: 'delivery.carry',
  request: {},
  responses: { 200: pageSchema(offerSchema) },
  errors: [],
});

export const acceptOfferRoute = defineRoute({
  method: 'post',
  path: '/offers/{offerId}/accept',
  operationId: 'acceptOffer',
  tag: 'Courier',
  summary: 'Take the delivery; one courier wins',
  description: 'Where to go and the handover code are at `GET /deliveries/current`.',
  auth: 'delivery.carry',
  request: { params: offerParams },
  responses: { 200: assignmentSchema },
  errors: ['not_found', 'offer_taken', 'offer_expired', 'courier_busy'],
  isIdempotent: true,
});

export const declineOfferRoute = defineRoute({
  method: 'post',
  path: '/offers/{offerId}/decline',
  operationId: 'declineOffer',
  tag: 'Courier',
  summary: 'Say no; you are not asked for this delivery again',
  auth: 'delivery.carry',
  request: { params: offerParams },
  responses: { 200: offerSchema },
  errors: ['not_found', 'offer_taken', 'offer_expired'],
});

export const couriersContracts = [
  getCourierRoute,
  setAvailabilityRoute,
  recordLocationsRoute,
  listOffersRoute,
  acceptOfferRoute,
  declineOfferRoute,
];
