import { IANAZone } from 'luxon';
import { Schema, model } from 'mongoose';
import type { FeeBand } from '../../shared/delivery-fee.ts';
import type { GeoJsonPoint, GeoJsonPolygon } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';
import type { HoursException, WeeklySpan } from './opening-hours.ts';
import { ORDER_MODES } from './order-modes.ts';
import type { TaxRegistration } from './tax-registration.ts';
import { RESTAURANT_STATUSES, type RestaurantStatus } from './restaurant.machine.ts';

export type OrderMode = (typeof ORDER_MODES)[number];

/** Where a restaurant delivers on terms of its own. Areas are asked in their order; the first that holds the point counts. */
export interface DeliveryAreaRow {
  id: string;
  name: string;
  polygon: GeoJsonPolygon;
  feeBands: FeeBand[];
  minimumOrderMinor: number;
  freeDeliveryOverMinor: number | null;
}

export interface RestaurantRow {
  _id: string;
  name: string;
  /** With a random tail until the first approval. */
  slug: string;
  ownerId: string;
  /** Branches of one brand share its name and page. */
  brandId: string | null;
  description: string;
  cuisines: string[];
  diets: string[];
  phone: string;
  addressLine: string;
  timeZone: string;
  currency: string;
  location: GeoJsonPoint;
  modes: OrderMode[];
  /** Holds, with `feeBands`, `minimumOrderMinor` and `freeDeliveryOverMinor`, where there are no `deliveryAreas`. */
  deliveryRadiusMeters: number;
  deliveryAreas: DeliveryAreaRow[];
  minimumOrderMinor: number;
  prepMinutes: number;
  /** Added to `prepMinutes` while `busyUntil` lies ahead. */
  busyExtraPrepMinutes: number;
  feeBands: FeeBand[];
  freeDeliveryOverMinor: number | null;
  serviceFeeMinor: number;
  packagingFeeMinor: number;
  /** Charged where the items come to less; null: never. */
  smallOrderFee: { belowMinor: number; feeMinor: number } | null;
  /** What the platform keeps of the items, in basis points. */
  commissionBasisPoints: number;
  /** Orders are accepted by themselves, with the preparation time of the moment. */
  autoAccept: boolean;
  /** Basis points by tax category of the items; fees are taxed under `delivery` and `service`. */
  taxRates: Record<string, number>;
  pricesIncludeTax: boolean;
  taxRegistration: TaxRegistration | null;
  hours: WeeklySpan[];
  exceptions: HoursException[];
  pausedUntil: Date | null;
  busyUntil: Date | null;
  /** How many orders the kitchen begins in one slot; null: as many as come. */
  capacity: { slotMinutes: number; maxOrders: number } | null;
  status: RestaurantStatus;
  submittedAt: Date | null;
  liveAt: Date | null;
  /** Why an admin sent it back or suspended it. */
  statusReason: string | null;
  /** `average` is `sum / count`, kept beside them because lists sort by it. */
  rating: { average: number; count: number; sum: number };
  /** Delivered orders of late, by which lists may sort. */
  popularity: number;
  imageId: string | null;
  /** Of `imageId`, once it is ready. */
  picture: Picture | null;
  /** Made from the rest by `derivedFields` with every write. */
  searchTokens: string[];
  listKeys: string[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Until an admin has agreed something else with the restaurant. */
export const COMMISSION_BASIS_POINTS = 2_000;

const OPENS = /^([01]\d|2[0-3]):[0-5]\d$/;
const CLOSES = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const minor = { type: Number, required: true, min: 0, validate: Number.isInteger };
const counted = { type: Number, default: 0 };
const atLeastOne = { ...minor, min: 1 };
const opens = { type: String, required: true, match: OPENS };
const closes = { type: String, required: true, match: CLOSES };
const timeZone = { type: String, required: true, validate: (zone: string) => IANAZone.isValidZone(zone) };

const spanSchema = new Schema({ opens, closes }, { _id: false });
const weeklySpanSchema = new Schema(
  { weekday: { type: Number, min: 1, max: 7, required: true }, opens, closes },
  { _id: false },
);
const exceptionSchema = new Schema(
  { date: { type: String, required: true, match: /^\d{4}-\d\d-\d\d$/ }, spans: [spanSchema], note: String },
  { _id: false },
);
const pointSchema = new Schema(
  { type: { type: String, enum: ['Point'], required: true }, coordinates: { type: [Number], required: true } },
  { _id: false },
);
const feeBandSchema = new Schema(
  { upToMeters: minor, fromSubtotalMinor: { ...minor, required: false }, feeMinor: minor },
  { _id: false },
);
const deliveryAreaSchema = new Schema(
  {
    id: { type: String, required: true },
    name: { type: String, required: true },
    polygon: {
      type: new Schema(
        {
          type: { type: String, enum: ['Polygon'], required: true },
          coordinates: { type: [[[Number]]], required: true },
        },
        { _id: false },
      ),
      required: true,
    },
    feeBands: { type: [feeBandSchema], required: true },
    minimumOrderMinor: minor,
    freeDeliveryOverMinor: { ...minor, required: false, default: null, validate: isWholeOrNull },
  },
  { _id: false },
);

const restaurantSchema = new Schema<RestaurantRow>(
  {
    _id: { type: String, default: newId },
    name: { type: String, required: true, maxlength: 200 },
    slug: { type: String, required: true },
    ownerId: { type: String, required: true },
    brandId: { type: String, default: null },
    description: { type: String, default: '' },
    cuisines: { type: [String], required: true },
    diets: { type: [String], default: [] },
    phone: { type: String, required: true },
    addressLine: { type: String, required: true },
    timeZone,
    currency: { type: String, required: true, match: /^[A-Z]{3}$/ },
    location: { type: pointSchema, required: true },
    modes: { type: [String], enum: ORDER_MODES, default: ['delivery'] },
    deliveryRadiusMeters: minor,
    deliveryAreas: { type: [deliveryAreaSchema], default: [] },
    minimumOrderMinor: minor,
    prepMinutes: minor,
    busyExtraPrepMinutes: { ...minor, default: 15 },
    feeBands: { type: [feeBandSchema], required: true },
    freeDeliveryOverMinor: { ...minor, required: false, default: null, validate: isWholeOrNull },
    serviceFeeMinor: { ...minor, default: 0 },
    packagingFeeMinor: { ...minor, default: 0 },
    smallOrderFee: { type: new Schema({ belowMinor: minor, feeMinor: minor }, { _id: false }), default: null },
    commissionBasisPoints: { ...minor, max: 10_000, default: COMMISSION_BASIS_POINTS },
    autoAccept: { type: Boolean, default: false },
    taxRates: { type: Map, of: Number, required: true },
    pricesIncludeTax: { type: Boolean, required: true },
    taxRegistration: { type: Schema.Types.Mixed, default: null },
    hours: { type: [weeklySpanSchema], required: true },
    exceptions: { type: [exceptionSchema], default: [] },
    pausedUntil: { type: Date, default: null },
    busyUntil: { type: Date, default: null },
    capacity: { type: new Schema({ slotMinutes: atLeastOne, maxOrders: atLeastOne }, { _id: false }), default: null },
    status: { type: String, enum: RESTAURANT_STATUSES, required: true },
    submittedAt: { type: Date, default: null },
    liveAt: { type: Date, default: null },
    statusReason: { type: String, default: null },
    rating: { average: counted, count: counted, sum: counted },
    popularity: counted,
    ...{ imageId: { type: String, default: null }, picture: { type: Schema.Types.Mixed, default: null } },
    searchTokens: { type: [String], required: true },
    listKeys: { type: [String], required: true },
    version: { type: Number, default: 0 },
  },
  { collection: 'restaurants', versionKey: false, timestamps: true },
);

function isWholeOrNull(value: number | null): boolean {
  return value === null || Number.isInteger(value);
}

/** The names that queries hint; an explain test holds each query to its index. */
export const RESTAURANT_INDEXES = {
  near: 'location_status_cuisines',
  byRating: 'listKeys_rating_id',
  byPopularity: 'listKeys_popularity_id',
  byStatus: 'status_id',
  waiting: 'waiting_submittedAt_id',
  byBrand: 'brandId_status_slug',
  prepared: 'prepared_ownerId_name_addressLine',
} as const;

// Serves restaurantsNear.
restaurantSchema.index({ location: '2dsphere', status: 1, cuisines: 1 }, { name: RESTAURANT_INDEXES.near });
// Serve restaurantsBy, one walk per list key (`list-keys.ts`), in page order; the second also popularQuery and cuisines.
restaurantSchema.index({ listKeys: 1, 'rating.average': -1, _id: 1 }, { name: RESTAURANT_INDEXES.byRating });
restaurantSchema.index({ listKeys: 1, popularity: -1, _id: 1 }, { name: RESTAURANT_INDEXES.byPopularity });
// Serve listRestaurantsByStatus: the newest of a status, and who waits the longest for a decision.
restaurantSchema.index({ status: 1, _id: -1 }, { name: RESTAURANT_INDEXES.byStatus });
restaurantSchema.index(
  { submittedAt: 1, _id: 1 },
  { name: RESTAURANT_INDEXES.waiting, partialFilterExpression: { status: 'in_review' } },
);
// Serves listLiveBranches and hasStandingBranch. Not `$type`: the planner would not use it for an equality.
restaurantSchema.index(
  { brandId: 1, status: 1, slug: 1 },
  { name: RESTAURANT_INDEXES.byBrand, partialFilterExpression: { brandId: { $gt: '' } } },
);
// Serves countPrepared; unique, so that a double click makes one draft.
restaurantSchema.index(
  { ownerId: 1, name: 1, addressLine: 1 },
  {
    name: RESTAURANT_INDEXES.prepared,
    unique: true,
    partialFilterExpression: { status: { $in: ['draft', 'in_review'] } },
  },
);
// Serves listOwnedRestaurantIds.
restaurantSchema.index({ ownerId: 1, _id: 1 });
// One public address per restaurant. Serves isSlugTaken.
restaurantSchema.index({ slug: 1 }, { unique: true });

export const RestaurantModel = model('Restaurant', restaurantSchema);
