import { money } from '../../../shared/money.ts';
import { pictureUrl } from '../../../shared/picture.ts';
import { toAvailabilityView } from '../restaurants.presenter.ts';
import type { RestaurantCard } from './listing.schema.ts';
import type { ListedRestaurant } from './to-listed.ts';

export function toRestaurantCard(listed: ListedRestaurant): RestaurantCard {
  const { row, location, availability, distanceMeters, etaMinutes, freeDeliveryOverMinor, deliveryFeeMinor } = listed;
  const { currency, rating, picture } = row;
  const { timeZone: _timeZone, ...shown } = toAvailabilityView(availability);
  return {
    id: row._id,
    name: row.name,
    slug: row.slug,
    cuisines: row.cuisines,
    diets: row.diets,
    modes: row.modes,
    imageUrl: pictureUrl(picture),
    blurhash: picture?.blurhash ?? null,
    rating: { average: rating.average, count: rating.count },
    location,
    prepMinutes: row.prepMinutes,
    minimumOrder: money(listed.minimumOrderMinor, currency),
    deliveryFeeFrom: money(listed.deliveryFeeFromMinor, currency),
    freeDeliveryOver: freeDeliveryOverMinor === null ? null : money(freeDeliveryOverMinor, currency),
    deliveryFee: deliveryFeeMinor === null ? null : money(deliveryFeeMinor, currency),
    etaMinutes,
    distanceMeters,
    availability: shown,
  };
}
