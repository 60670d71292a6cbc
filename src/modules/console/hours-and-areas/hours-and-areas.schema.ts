import { z } from 'zod';
import { defineRoute, idSchema } from '../../../http/index.ts';
import { dateFrom } from '../../../shared/clock.ts';
import { lineOfText } from '../../../shared/line-of-text.ts';
import { restaurantConsoleSchema } from '../restaurant-console.schema.ts';
import { deliveryBody, MAX_DELIVERY_VALUES } from './delivery-body.ts';
import { findOverlap, findOverlapOfDay } from './opening-spans.ts';

const MAX_WEEKLY_SPANS = 28;
const MAX_DAY_SPANS = 4;
const OVERLAP = 'must not begin while another span still runs';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const time = (pattern: RegExp, example: string) => {
  return z
    .string()
    .regex(pattern, 'must be HH:mm')
    .meta({ examples: [example] });
};
const spanFields = {
  opens: time(/^([01]\d|2[0-3]):[0-5]\d$/, '12:00'),
  closes: time(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '15:00'),
};

const hoursBody = z
  .strictObject({
    hours: z
      .array(z.strictObject({ weekday: z.int().min(1).max(7), ...spanFields }))
      .max(MAX_WEEKLY_SPANS)
      .superRefine((hours, context) => {
        const index = findOverlap(hours);
        if (index !== null) context.addIssue({ code: 'custom', path: [index], message: OVERLAP });
      }),
  })
  .meta({
    examples: [
      {
        hours: [
          { weekday: 5, opens: '12:00', closes: '15:00' },
          { weekday: 5, opens: '19:00', closes: '01:00' },
        ],
      },
    ],
  });

const closureBody = z
  .strictObject({
    date: z.iso.date().meta({ examples: ['2027-12-25'] }),
    through: z.iso
      .date()
      .optional()
      .meta({ description: 'The last date of several.', examples: ['2027-12-26'] }),
    spans: z
      .array(z.strictObject(spanFields))
      .max(MAX_DAY_SPANS)
      .default([])
      .superRefine((spans, context) => {
        const index = findOverlapOfDay(spans);
        if (index !== null) context.addIssue({ code: 'custom', path: [index], message: OVERLAP });
      })
      .meta({ description: 'Open at these hours instead of the weekly ones; without any, closed.' }),
    note: lineOfText(120)
      .optional()
      .meta({ description: 'Shown to customers.', examples: ['Christmas'] }),
  })
  .refine(({ date, through }) => through === undefined || through >= date, {
    path: ['through'],
    message: 'must not lie before date',
  })
  .meta({ examples: [{ date: '2027-12-25', through: '2027-12-26', note: 'Christmas' }] });

const until = z.iso
  .datetime({ offset: true })
  .transform((text) => dateFrom(text))
  .meta({ examples: ['2026-11-20T14:30:00Z'] });

const stateBody = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('open') }),
    z.strictObject({ state: z.literal('paused'), until }),
    z.strictObject({ state: z.literal('busy'), until }),
  ])
  .meta({ examples: [{ state: 'open' }, { state: 'paused', until: '2026-11-20T14:30:00Z' }] });

const capacityBody = z
  .strictObject({
    capacity: z
      .strictObject({
        // They divide the hour, so that slots lie on round times of the clock.
        slotMinutes: z.literal([10, 15, 20, 30, 60]),
        maxOrders: z.int().min(1).max(1_000),
      })
      .nullable()
      .meta({ description: 'Null: as many orders as come.' }),
  })
  .meta({ examples: [{ capacity: { slotMinutes: 15, maxOrders: 8 } }] });

const TAG = 'Restaurant console';
const edit = { tag: TAG, auth: 'restaurant.edit', needsIfMatch: true } as const;

export const setHoursRoute = defineRoute({
  ...edit,
  method: 'put',
  path: '/restaurants/{restaurantId}/hours',
  operationId: 'setHours',
  summary: 'The hours of an ordinary week',
  description:
    'Local time; 1 is Monday. A span that closes at or before it opens ends on the next day. Spans may touch; overlapping ones are refused.',
  request: { params: restaurantParams, body: hoursBody },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const addClosureRoute = defineRoute({
  ...edit,
  method: 'post',
  path: '/restaurants/{restaurantId}/closures',
  operationId: 'addClosure',
  summary: 'Close, or open at other hours, on a date or several',
  description: 'By the calendar of the restaurant, from today to two years ahead. Dates that are past are dropped.',
  request: { params: restaurantParams, body: closureBody },
  responses: { 201: restaurantConsoleSchema },
  errors: ['not_found', 'already_exists', 'list_full'],
});

export const removeClosureRoute = defineRoute({
  ...edit,
  method: 'delete',
  path: '/restaurants/{restaurantId}/closures/{date}',
  operationId: 'removeClosure',
  summary: 'Back to the weekly hours on a date',
  request: { params: restaurantParams.extend({ date: z.iso.date().meta({ examples: ['2027-12-25'] }) }) },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const setStateRoute = defineRoute({
  method: 'put',
  path: '/restaurants/{restaurantId}/state',
  operationId: 'setState',
  tag: TAG,
  summary: 'Pause, say that it is busy, or take it back',
  description:
    'A pause lasts a week at most, a rush twelve hours. Who presses the button in a rush has looked at no version: the last one counts.',
  auth: 'restaurant.pause',
  request: { params: restaurantParams, body: stateBody },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const setDeliveryRoute = defineRoute({
  ...edit,
  method: 'put',
  path: '/restaurants/{restaurantId}/delivery',
  operationId: 'setDelivery',
  summary: 'Where it delivers, and on what terms',
  description:
    'Without areas the radius and the terms beside it count; with areas only they do, the first that holds a point. Rows of a fee table go by ' +
    'distance (by road) and subtotal; a longer way is never cheaper, a higher subtotal never dearer. The last row must reach the end of the ' +
    'radius, or the furthest corner of the area, by road (1.35 times the straight line). Quotes that exist keep their terms.',
  request: { params: restaurantParams, body: deliveryBody, maxValues: MAX_DELIVERY_VALUES },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const setCapacityRoute = defineRoute({
  ...edit,
  method: 'put',
  path: '/restaurants/{restaurantId}/capacity',
  operationId: 'setCapacity',
  summary: 'How many orders the kitchen begins in a slot',
  description: 'Holds for the next order; orders that were taken stay.',
  request: { params: restaurantParams, body: capacityBody },
  responses: { 200: restaurantConsoleSchema },
  errors: ['not_found'],
});

export const hoursAndAreasContracts = [
  setHoursRoute,
  addClosureRoute,
  removeClosureRoute,
  setStateRoute,
  setDeliveryRoute,
  setCapacityRoute,
];
