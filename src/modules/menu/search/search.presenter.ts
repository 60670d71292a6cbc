import { money } from '../../../shared/money.ts';
import { pictureUrl, type Picture } from '../../../shared/picture.ts';
import type { SearchHitBody } from './search.schema.ts';
import type { SearchHit } from './search.service.ts';

export function toSearchHit(hit: SearchHit): SearchHitBody {
  const { highlights, listed, dish } = hit;
  const { row, availability, distanceMeters, etaMinutes } = listed;
  const place = { isOpen: availability.isOpen, distanceMeters, etaMinutes };
  if (dish === null) {
    const { _id: id, name, slug, cuisines, rating, picture } = row;
    const { average, count } = rating;
    return {
      kind: 'restaurant',
      id,
      name,
      highlights,
      slug,
      cuisines,
      ...shown(picture),
      rating: { average, count },
      ...place,
    };
  }
  const { _id: id, name, diets, picture, currency } = dish;
  return {
    kind: 'dish',
    id,
    name,
    highlights,
    price: money(lowestPrice(dish), currency),
    diets,
    ...shown(picture),
    isAvailable: dish.isAvailableNow,
    restaurant: { id: row._id, name: row.name, slug: row.slug, ...place },
  };
}

function lowestPrice({ sizes, priceMinor }: { sizes: readonly { priceMinor: number }[]; priceMinor: number }): number {
  return sizes.length === 0 ? priceMinor : Math.min(...sizes.map((size) => size.priceMinor));
}

function shown(picture: Picture | null) {
  if (picture === null) return { imageUrl: null, picture: null };
  const { urlTemplate, blurhash } = picture;
  return { imageUrl: pictureUrl(picture), picture: { urlTemplate, blurhash } };
}
