import { z } from 'zod';
import { geoPointSchema, idSchema, pictureSchema, timeSchema } from '../../http/index.ts';
import { ORDER_MODES, RESTAURANT_STATUSES } from '../restaurants/index.ts';

const span = { opens: z.string(), closes: z.string() };
const feeBand = z.strictObject({
  upToMeters: z.int(),
  fromSubtotalMinor: z.int().optional(),
  feeMinor: z.int(),
});
const terms = { minimumOrderMinor: z.int(), feeBands: z.array(feeBand), freeDeliveryOverMinor: z.int().nullable() };
const polygon = z.strictObject({
  type: z.literal('Polygon'),
  coordinates: z.array(z.array(z.tuple([z.number(), z.number()]))),
});

/** Where it stands, and since when. */
const standing = {
  status: z.enum(RESTAURANT_STATUSES),
  statusReason: z.string().nullable().meta({ description: 'Why an admin sent it back, suspended or archived it.' }),
  submittedAt: timeSchema.nullable(),
  liveAt: timeSchema.nullable().meta({ description: 'When it was approved for the first time.' }),
};

const version = z.int().meta({ description: 'Also the ETag: an edit sends it back in `If-Match`.' });

/** Everything its staff sees and edits, in the form in which it is edited. Amounts are minor units of `currency`. */
export const restaurantConsoleSchema = z
  .strictObject({
    id: idSchema,
    version,
    slug: z.string(),
    ownerId: idSchema,
    brandId: idSchema.nullable(),
    ...standing,
    name: z.string(),
    description: z.string(),
    cuisines: z.array(z.string()),
    diets: z.array(z.string()),
    phone: z.string(),
    addressLine: z.string(),
    location: geoPointSchema,
    timeZone: z.string(),
    currency: z.string().length(3),
    modes: z.array(z.enum(ORDER_MODES)),
    prepMinutes: z.int(),
    busyExtraPrepMinutes: z.int(),
    serviceFeeMinor: z.int(),
    packagingFeeMinor: z.int(),
    smallOrderFee: z.strictObject({ belowMinor: z.int(), feeMinor: z.int() }).nullable(),
    commissionBasisPoints: z.int().meta({ description: 'What the platform keeps of the items; set by an admin.' }),
    autoAccept: z.boolean(),
    taxRates: z.record(z.string(), z.int()),
    pricesIncludeTax: z.boolean(),
    taxRegistration: z
      .strictObject({
        ...{ legalName: z.string(), addressLine: z.string(), country: z.string(), number: z.string().nullable() },
      })
      .nullable()
      .meta({ description: 'Who sells, as receipts and invoices say it.' }),
    deliveryRadiusMeters: z.int(),
    ...terms,
    deliveryAreas: z.array(z.strictObject({ id: z.string(), name: z.string(), polygon, ...terms })),
    hours: z.array(z.strictObject({ weekday: z.int().min(1).max(7), ...span })),
    exceptions: z.array(
      z.strictObject({ date: z.iso.date(), spans: z.array(z.strictObject(span)), note: z.string().nullable() }),
    ),
    pausedUntil: timeSchema.nullable(),
    busyUntil: timeSchema.nullable(),
    capacity: z.strictObject({ slotMinutes: z.int(), maxOrders: z.int() }).nullable(),
    rating: z.strictObject({ average: z.number(), count: z.int() }),
    imageUrl: z.url().nullable(),
    picture: pictureSchema.nullable(),
  })
  .meta({ id: 'RestaurantConsole' });

export const managedRestaurantSchema = z
  .strictObject({
    ...{ id: idSchema, version, name: z.string(), slug: z.string(), ownerId: idSchema, brandId: idSchema.nullable() },
    ...{ addressLine: z.string(), currency: z.string(), ...standing },
  })
  .meta({ id: 'ManagedRestaurant' });

export type RestaurantConsole = z.output<typeof restaurantConsoleSchema>;
export type ManagedRestaurant = z.output<typeof managedRestaurantSchema>;
