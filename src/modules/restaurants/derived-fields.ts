import { listKeysOf } from './list-keys.ts';
import type { RestaurantRow } from './restaurant.model.ts';
import { searchTokensOf } from './search-tokens.ts';

/** What a row needs to be found, made from the rest of it with every write (`changeRestaurant`), by factories and the sample city. */
export function derivedFields(
  row: Omit<RestaurantRow, 'searchTokens' | 'listKeys'>,
): Pick<RestaurantRow, 'searchTokens' | 'listKeys'> {
  return { searchTokens: searchTokensOf(row), listKeys: listKeysOf(row) };
}
