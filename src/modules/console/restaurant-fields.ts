import { IANAZone } from 'luxon';
import { z } from 'zod';
import { geoPointSchema, idSchema } from '../../http/index.ts';
import { isNowhere } from '../../shared/geo.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { isTaxNumber } from '../../shared/tax-number.ts';
import { ORDER_MODES } from '../restaurants/index.ts';
import { phoneSchema } from '../users/index.ts';

/** What may be asked for by an amount of its own is bounded by this: ten million minor units. */
const MAX_MINOR = 10_000_000;
/** Of every order: more is no fee but a price. */
const MAX_SERVICE_FEE_MINOR = 100_000;
const MAX_BASIS_POINTS = 5_000;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** Names alone: offsets such as +05:30 know no summer. */
const ZONE_NAME = /^[A-Za-z]{1,20}(\/[A-Za-z0-9_+-]{1,30}){0,2}$/;

const minor = z.int().min(0).max(MAX_MINOR);
const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words with hyphens')
  .max(40);
const slugs = (min: number, max: number) =>
  z
    .array(slug)
    .min(min)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'must name each once');
const basisPoints = z.int().min(0).max(MAX_BASIS_POINTS).optional();

const taxRates = z
  .strictObject({
    ...{ food: basisPoints, beverage: basisPoints, alcohol: basisPoints, packaged: basisPoints },
    ...{ delivery: basisPoints, service: basisPoints, packaging: basisPoints },
  })
  // What is left out is not there, and is no `undefined` either.
  .transform((rates) => rates as Record<string, number>)
  .meta({
    description:
      'Basis points (1 % = 100) by tax category of the dishes; fees are taxed under `delivery`, `packaging` and `service`.',
    examples: [{ food: 500, beverage: 1800, delivery: 1800 }],
  });

const taxRegistration = z
  .strictObject({
    legalName: lineOfText(150),
    addressLine: lineOfText(200).meta({ description: 'Of the registration, which need not be the kitchen’s.' }),
    country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code such as IN'),
    number: z.string().max(20).nullable().meta({
      description: 'GSTIN, VAT number; in capitals, without spaces. null: not registered, and no tax invoices then.',
    }),
  })
  .refine(({ country, number }) => number === null || isTaxNumber(country, number), {
    ...{ path: ['number'], message: 'is no tax number of that country' },
  })
  .meta({
    id: 'TaxRegistration',
    description: 'Who sells, as receipts and invoices say it. An order keeps what was true when it was quoted.',
    examples: [
      {
        ...{ legalName: 'Pepper House Foods LLP', addressLine: '7 Customs House Road, Saffron Bay' },
        ...{ country: 'IN', number: '30ZZZFZ0123Z1Z0' },
      },
    ],
  });

/** Without these there is no draft. */
export const knownFields = {
  name: lineOfText(100).meta({ examples: ['Pepper House'] }),
  cuisines: slugs(1, 5).meta({ examples: [['north-indian', 'biryani']] }),
  phone: phoneSchema,
  addressLine: lineOfText(200).meta({ examples: ['7 Customs House Road'] }),
  location: geoPointSchema.refine((point) => !isNowhere(point), 'must be where the restaurant is, not 0, 0'),
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => ZONE_NAME.test(zone) && IANAZone.isValidZone(zone), 'must be an IANA time zone')
    .meta({ examples: ['Asia/Kolkata'] }),
  currency: z
    .string()
    .refine((code) => CURRENCIES.has(code), 'must be an ISO 4217 code such as INR')
    .meta({ examples: ['INR'] }),
};

/** These have a default. */
export const furtherFields = {
  brandId: idSchema.nullable().meta({ description: 'One of your own brands, of which it is a branch.' }),
  description: z.union([lineOfText(500), z.literal('')]).meta({ examples: ['Cooked when you order.'] }),
  diets: slugs(0, 6).meta({ examples: [['vegetarian']] }),
  modes: z
    .array(z.enum(ORDER_MODES))
    .min(1)
    .max(ORDER_MODES.length)
    .refine((list) => new Set(list).size === list.length, 'must name each once'),
  prepMinutes: z.int().min(5).max(90),
  busyExtraPrepMinutes: z.int().min(0).max(90).meta({ description: 'Added while the kitchen is busy.' }),
  minimumOrderMinor: minor.meta({ description: 'Where there are no delivery areas with minimums of their own.' }),
  serviceFeeMinor: z.int().min(0).max(MAX_SERVICE_FEE_MINOR),
  packagingFeeMinor: z.int().min(0).max(MAX_SERVICE_FEE_MINOR).meta({ description: 'Of every order.' }),
  smallOrderFee: z
    .strictObject({ belowMinor: minor, feeMinor: z.int().min(1).max(MAX_SERVICE_FEE_MINOR) })
    .nullable()
    .meta({ description: 'Charged where the items come to less, before any discount. null: never.' }),
  autoAccept: z.boolean().meta({ description: 'Orders are accepted by themselves while the restaurant is open.' }),
  taxRates,
  pricesIncludeTax: z.boolean(),
  taxRegistration: taxRegistration.nullable(),
};
