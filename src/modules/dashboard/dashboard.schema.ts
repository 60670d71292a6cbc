import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { STAFF_ROLES } from '../../shared/permissions.ts';

const count = z.int().min(0);

const orderLineSchema = z.strictObject({
  ...{ id: idSchema, number: z.string(), status: z.string(), deliveryStatus: z.string().nullable() },
  ...{ restaurantId: idSchema, restaurantName: z.string() },
  ...{ readyEta: timeSchema.nullable(), promisedAt: timeSchema, total: moneySchema },
});

const customerSchema = z.strictObject({
  openOrders: z.array(orderLineSchema),
  lastOrders: z.array(orderLineSchema).meta({ description: 'The last that were eaten, to order again.' }),
  favouritesOpen: z.array(z.strictObject({ id: idSchema, name: z.string(), slug: z.string() })),
  cart: z.strictObject({ restaurantId: idSchema, items: count }).nullable(),
});

const workplaceSchema = z
  .strictObject({
    ...{ restaurantId: idSchema, name: z.string(), role: z.enum(STAFF_ROLES), status: z.string() },
    ...{ pausedUntil: timeSchema.nullable(), busyUntil: timeSchema.nullable() },
    orders: z.strictObject({ placed: count, accepted: count, preparing: count, ready: count, picked_up: count }),
    oldestPlacedAt: timeSchema.nullable().meta({ description: 'Of the orders that nobody has answered.' }),
    soldOutItems: count,
    unansweredReviews: count.nullable().meta({ description: 'Of the last 30 days. Null for who may not answer.' }),
    today: z
      .strictObject({ orders: count, items: moneySchema })
      .nullable()
      .meta({ description: 'Delivered since midnight there. Null for who may not see sums.' }),
  })
  .meta({ id: 'WorkplaceDashboard' });

const courierSchema = z.strictObject({
  isOnline: z.boolean(),
  delivery: z
    .strictObject({
      ...{ id: idSchema, orderId: idSchema, number: z.string(), status: z.string() },
      ...{ pickupName: z.string(), readyEta: timeSchema },
    })
    .nullable(),
  offers: z.array(
    z.strictObject({
      ...{ id: idSchema, pickupName: z.string(), tripMeters: count, fee: moneySchema, expiresAt: timeSchema },
    }),
  ),
  deliveredLastDay: count.meta({ description: 'In the last 24 hours.' }),
});

const officeSchema = z.strictObject({
  openOrders: z.record(z.string(), count).meta({ description: 'By status. 10000 means that many or more.' }),
  stalledDeliveries: count,
  paymentsWithoutIntent: count.meta({ description: 'Which the provider has not taken up for two minutes.' }),
  restaurantsInReview: count,
  deadLetters: count.nullable().meta({ description: 'Null while Redis is away.' }),
});

const dashboardSchema = z
  .strictObject({
    customer: customerSchema.nullable(),
    restaurants: z.array(workplaceSchema).nullable(),
    courier: courierSchema.nullable(),
    office: officeSchema.nullable(),
    age: count.meta({ description: 'Seconds since it was put together.' }),
  })
  .meta({ id: 'Dashboard' });

export type DashboardBody = z.output<typeof dashboardSchema>;
export type WorkplaceBody = z.output<typeof workplaceSchema>;

export const getDashboardRoute = defineRoute({
  method: 'get',
  path: '/dashboard',
  operationId: 'getDashboard',
  tag: 'Account',
  summary: 'What the signed-in person needs on opening the app',
  description:
    'A part for each of the person’s roles, null for the others. Made anew when something on it changes, whoever changed it; what the clock alone changes is half a minute old at most, for the office five seconds.',
  auth: 'account.use',
  request: {},
  responses: { 200: dashboardSchema },
  errors: [],
});

export const dashboardContracts = [getDashboardRoute];
