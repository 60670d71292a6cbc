import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import type { Availability } from './availability.ts';
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

export function toAvailabilityAtView({ at, ...availability }: Availability & { at: Date }) {
  return { ...toAvailabilityView(availability), at: at.toISOString() };
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
    deliveryRadiusMeters: restaurant.deliveryRadiusMeters,
    deliveryFees: restaurant.feeTable.bands.map(({ upToMeters, feeMinor }) => {
      return { upToMeters, fee: money(feeMinor, currency) };
    }),
    serviceFee: money(restaurant.serviceFeeMinor, currency),
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

function cardFields(restaurant: RestaurantSnapshot) {
  const { currency, feeTable, rating } = restaurant;
  const { bands, freeDeliveryOverMinor } = feeTable;
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
    minimumOrder: money(restaurant.minimumOrderMinor, currency),
    deliveryFeeFrom: money(bands[0]?.feeMinor ?? 0, currency),
    freeDeliveryOver: freeDeliveryOverMinor === null ? null : money(freeDeliveryOverMinor, currency),
  };
}
