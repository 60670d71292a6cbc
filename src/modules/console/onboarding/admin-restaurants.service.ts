import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { invalidCursor } from '../../../errors/index.ts';
import { openCursor, sealCursor } from '../../../shared/pagination.ts';
import {
  getRestaurant,
  listRestaurantsByStatus,
  type RestaurantSnapshot,
  type RestaurantStatus,
  type StatusKey,
} from '../../restaurants/index.ts';

interface Search {
  status?: RestaurantStatus | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface RestaurantPage {
  data: RestaurantSnapshot[];
  limit: number;
  nextCursor: string | null;
}

const keySchema = z.tuple([z.number(), z.string()]);

/** Who waits the longest first, where a review is waited for; else the newest first. */
export async function listManagedRestaurants({ status, limit, cursor }: Search): Promise<RestaurantPage> {
  const scope = `managed-restaurants ${status ?? ''}`;
  const after = cursor === undefined ? null : keyOf(cursor, scope);
  const rows = await listRestaurantsByStatus({ status, after, limit: limit + 1 });
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const key = last === undefined ? null : [last.submittedAt?.getTime() ?? 0, last.id];
  return { data, limit, nextCursor: hasMore ? sealCursor(key, scope, config.quotes.secret) : null };
}

/** In any status. @throws AppError `not_found` */
export function getManagedRestaurant(restaurantId: string): Promise<RestaurantSnapshot> {
  return getRestaurant(restaurantId);
}

function keyOf(cursor: string, scope: string): StatusKey {
  const key = keySchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (!key.success) throw invalidCursor();
  return key.data;
}
