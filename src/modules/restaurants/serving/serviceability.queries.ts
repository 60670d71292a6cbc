import type { mongo } from 'mongoose';
import type { GeoPoint } from '../../../shared/geo.ts';
import { keysDeliveringTo } from '../list-keys.ts';
import { RESTAURANT_INDEXES, RestaurantModel, type RestaurantRow } from '../restaurant.model.ts';

export type ReachRow = Pick<RestaurantRow, '_id' | 'location' | 'modes' | 'deliveryRadiusMeters' | 'deliveryAreas'>;

/** Live restaurants whose areas touch the cells of the point; whether one reaches it is decided on its row. */
export function reachingQuery(point: GeoPoint, limit: number): mongo.FindCursor<ReachRow> {
  const rows = RestaurantModel.collection as unknown as mongo.Collection<ReachRow>;
  return rows
    .find(
      { listKeys: { $in: keysDeliveringTo(point, []) } },
      {
        projection: {
          location: 1,
          modes: 1,
          deliveryRadiusMeters: 1,
          'deliveryAreas.id': 1,
          'deliveryAreas.polygon': 1,
        },
      },
    )
    .limit(limit)
    .hint(RESTAURANT_INDEXES.byPopularity);
}
