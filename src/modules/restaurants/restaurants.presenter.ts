import type { FeeBand } from '../../shared/delivery-fee.ts';
import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import type { Availability } from './availability.ts';
import { shownTermsOf } from './delivery-terms.ts';
import { localDateOf } from './opening-hours.ts';
import type { RestaurantSnapshot } from './restaurant-snapshot.ts';
import type { AvailabilityBody, RestaurantBody } from './restaurants.schema.ts';

export function toAvailabilityView(availability: Availability): AvailabilityBody {
  const { isOpen, reason, isBusy, nextOpenAt, openUntil, timeZone } = availability;
  return {
    isOpen,
    reason,
    isBusy,
    nextOpenAt: nextOpenAt?.toISOString() ?? null,
    openUntil: openUntil?.toISOString() ?? null,
    timeZone,
  };
}

/** `at`: null, where it was asked for now, and the answer is the same until something changes. */
export function toAvailabilityAtView(availability: Availability, at: Date | null) {
  return { ...toAvailabilityView(availability), at: at?.toISOString() ?? null };
}

export function toRestaurantView(restaurant: RestaurantSnapshot, availability: Availability, at: Date): RestaurantBody {
  const { currency, timeZone } = restaurant;
  const today = localDateOf(at.getTime(), timeZone);
  return {
    ...cardFields(restaurant),
    description: restaurant.description,
    phone: restaurant.phone,
    addressLine: restaurant.addressLine,
    timeZone,
    currency,
    modes: restaurant.modes,
    picture: restaurant.picture,
    ...deliveryFields(restaurant),
    serviceFee: money(restaurant.serviceFeeMinor, currency),
    packagingFee: money(restaurant.packagingFeeMinor, currency),
    smallOrderFee: toSmallOrderFeeView(restaurant),
    pricesIncludeTax: restaurant.pricesIncludeTax,
    hours: restaurant.hours.map(({ weekday, opens, closes }) => ({ weekday, opens, closes })),
    exceptions: restaurant.exceptions
      .filter(({ date }) => date >= today)
      .map(({ date, spans, note }) => {
        return { date, spans: spans.map(({ opens, closes }) => ({ opens, closes })), note: note ?? null };
      }),
    availability: toAvailabilityView(availability),
  };
}

function toSmallOrderFeeView({ smallOrderFee, currency }: RestaurantSnapshot) {
  if (smallOrderFee === null) return null;
  return { below: money(smallOrderFee.belowMinor, currency), fee: money(smallOrderFee.feeMinor, currency) };
}

/** Where there are areas, only they count (`deliveryTermsAt`): the radius and its fees would be a promise of nobody. */
function deliveryFields({ deliveryAreas, deliveryRadiusMeters, feeTable, currency }: RestaurantSnapshot) {
  const hasAreas = deliveryAreas.length > 0;
  return {
    deliveryRadiusMeters: hasAreas ? null : deliveryRadiusMeters,
    deliveryFees: hasAreas ? [] : toFeeViews(feeTable.bands, currency),
    deliveryAreas: deliveryAreas.map(({ id, name, polygon, feeBands, minimumOrderMinor, freeDeliveryOverMinor }) => ({
      ...{ id, name, polygon: { type: polygon.type, coordinates: polygon.coordinates } },
      fees: toFeeViews(feeBands, currency),
      minimumOrder: money(minimumOrderMinor, currency),
      freeDeliveryOver: freeDeliveryOverMinor === null ? null : money(freeDeliveryOverMinor, currency),
    })),
  };
}

function toFeeViews(bands: readonly FeeBand[], currency: string) {
  return bands.map(({ upToMeters, fromSubtotalMinor = 0, feeMinor }) => {
    return { upToMeters, fromSubtotal: money(fromSubtotalMinor, currency), fee: money(feeMinor, currency) };
  });
}

function cardFields(restaurant: RestaurantSnapshot) {
  const { currency, rating } = restaurant;
  const { minimumOrderMinor, deliveryFeeFromMinor, freeDeliveryOverMinor } = shownTermsOf(restaurant);
  return {
    id: restaurant.id,
    name: restaurant.name,
    slug: restaurant.slug,
    cuisines: restaurant.cuisines,
    diets: restaurant.diets,
    imageUrl: pictureUrl(restaurant.picture),
    rating: { average: rating.average, count: rating.count },
    location: restaurant.location,
    prepMinutes: restaurant.prepMinutes,
    minimumOrder: money(minimumOrderMinor, currency),
    deliveryFeeFrom: money(deliveryFeeFromMinor, currency),
    freeDeliveryOver: freeDeliveryOverMinor === null ? null : money(freeDeliveryOverMinor, currency),
  };
}
