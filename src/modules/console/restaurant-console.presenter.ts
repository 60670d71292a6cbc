import { pictureUrl } from '../../shared/picture.ts';
import type { RestaurantSnapshot } from '../restaurants/index.ts';
import type { ManagedRestaurant, RestaurantConsole } from './restaurant-console.schema.ts';

export function toRestaurantConsole(restaurant: RestaurantSnapshot): RestaurantConsole {
  const { feeTable, rating, picture } = restaurant;
  return {
    ...identityOf(restaurant),
    ...standingOf(restaurant),
    ...profileOf(restaurant),
    ...scheduleOf(restaurant),
    feeBands: [...feeTable.bands],
    freeDeliveryOverMinor: feeTable.freeDeliveryOverMinor,
    minimumOrderMinor: restaurant.minimumOrderMinor,
    deliveryRadiusMeters: restaurant.deliveryRadiusMeters,
    deliveryAreas: restaurant.deliveryAreas,
    rating: { average: rating.average, count: rating.count },
    imageUrl: pictureUrl(picture),
    picture,
  };
}

export function toManagedRestaurant(restaurant: RestaurantSnapshot): ManagedRestaurant {
  const { name, addressLine, currency } = restaurant;
  return { ...identityOf(restaurant), name, addressLine, currency, ...standingOf(restaurant) };
}

function identityOf({ id, version, slug, ownerId, brandId }: RestaurantSnapshot) {
  return { id, version, slug, ownerId, brandId };
}

function standingOf({ status, statusReason, submittedAt, liveAt }: RestaurantSnapshot) {
  const times = { submittedAt: submittedAt?.toISOString() ?? null, liveAt: liveAt?.toISOString() ?? null };
  return { status, statusReason, ...times };
}

function profileOf(restaurant: RestaurantSnapshot) {
  const { name, description, cuisines, diets, phone, addressLine, location, timeZone, currency, modes } = restaurant;
  const { prepMinutes, busyExtraPrepMinutes, serviceFeeMinor, packagingFeeMinor, smallOrderFee } = restaurant;
  const { taxRates, pricesIncludeTax, taxRegistration, commissionBasisPoints, autoAccept } = restaurant;
  return {
    ...{ name, description, cuisines, diets, phone, addressLine, location, timeZone, currency, modes },
    ...{ prepMinutes, busyExtraPrepMinutes, serviceFeeMinor, packagingFeeMinor, smallOrderFee },
    ...{ taxRates, pricesIncludeTax, taxRegistration, commissionBasisPoints, autoAccept },
  };
}

function scheduleOf({ hours, exceptions, pausedUntil, busyUntil, capacity }: RestaurantSnapshot) {
  return {
    hours: hours.map(({ weekday, opens, closes }) => ({ weekday, opens, closes })),
    exceptions: exceptions.map(({ date, spans, note }) => {
      return { date, spans: spans.map(({ opens, closes }) => ({ opens, closes })), note: note ?? null };
    }),
    pausedUntil: pausedUntil?.toISOString() ?? null,
    busyUntil: busyUntil?.toISOString() ?? null,
    capacity,
  };
}
