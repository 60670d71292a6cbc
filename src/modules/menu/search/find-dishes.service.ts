import type { GeoPoint } from '../../../shared/geo.ts';
import { findByIds, inPopularOrder, rarestOf, type FoundRestaurant, type WordChoice } from '../../restaurants/index.ts';
import { countDishes, dishesAtQuery, dishesQuery, type DishWords, type FoundDish } from './search.queries.ts';

export interface DishAtHome {
  dish: FoundDish;
  home: FoundRestaurant;
}

/** A word that so few dishes have is looked up by itself, wherever they are. */
const MAX_RARE = 300;
/** Of one batch of restaurants. */
const MAX_READ = 2_000;

/**
 * Dishes with each of these words of live restaurants, with a point of those that deliver there. Where there are more than `limit`,
 * those of the most popular restaurants: reach and popularity are asked before anything is cut off.
 */
export async function findDishes(
  words: readonly WordChoice[],
  point: GeoPoint | null,
  limit: number,
): Promise<DishAtHome[]> {
  const { choice: leading, count } = await rarestOf(words, MAX_RARE + 1, countDishes);
  const wanted = { leading, all: words };
  if (count <= MAX_RARE) return count === 0 ? [] : dishesAnywhere(wanted, point);
  const found = await dishesOfPopular(wanted, point, limit);
  if (found.length >= limit || point !== null) return found;
  // Frequent, but not where everybody orders: then any of them.
  const known = new Set(found.map(({ dish }) => dish._id));
  return [...found, ...(await dishesAnywhere(wanted, point)).filter(({ dish }) => !known.has(dish._id))];
}

async function dishesAnywhere(words: DishWords, point: GeoPoint | null): Promise<DishAtHome[]> {
  const dishes = await dishesQuery(words, MAX_RARE).toArray();
  const ids = [...new Set(dishes.map(({ restaurantId }) => restaurantId))];
  return atHome(dishes, await findByIds(ids, point));
}

async function dishesOfPopular(words: DishWords, point: GeoPoint | null, limit: number): Promise<DishAtHome[]> {
  const found: DishAtHome[] = [];
  for await (const homes of inPopularOrder(point)) {
    const ids = homes.map(({ id }) => id);
    found.push(...atHome(await dishesAtQuery(words, ids, MAX_READ).toArray(), homes));
    if (found.length >= limit) break;
  }
  return found;
}

function atHome(dishes: readonly FoundDish[], homes: readonly FoundRestaurant[]): DishAtHome[] {
  const byId = new Map(homes.map((home) => [home.id, home]));
  return dishes.flatMap((dish) => {
    const home = byId.get(dish.restaurantId);
    return home === undefined ? [] : [{ dish, home }];
  });
}
