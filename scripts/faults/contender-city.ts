/** The one process of the harness that knows the product's models: it fills the city and makes customers who are about to order. */
import { flushCompileCache } from 'node:module';
import { connectMongo, syncIndexes } from '../../src/infra/mongo/index.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { prepareJobs } from '../bench/place-order/prepare-jobs.ts';
import { serve } from '../bench/child.ts';
import { seedCity } from '../sample-city/index.ts';

serve({
  open: async () => {
    await connectMongo();
    await syncIndexes({ replacesChanged: true });
    await seedCity({ profile: 'tiny' });
    // Orders go on by themselves until their money is taken, and no further.
    await RestaurantModel.collection.updateMany({}, { $set: { autoAccept: true } });
    await CourierModel.collection.updateMany({}, { $set: { isOnline: false } });
    // For the processes of the product, which load the same files.
    flushCompileCache();
  },
  prepare: async ({ count }: { count: number }) => {
    // Who is paused for what it missed while no worker lived comes back: else a long fault ends without a house to order from.
    await RestaurantModel.collection.updateMany({}, { $set: { pausedUntil: null } });
    return prepareJobs(count);
  },
});
