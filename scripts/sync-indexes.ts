/** `npm run sync-indexes`: creates the collections and indexes that the models declare. In production, before the new version starts. */
import '../src/models.ts';
import { config } from '../src/config/index.ts';
import { connectMongo, disconnectMongo, syncIndexes } from '../src/infra/mongo/index.ts';

await connectMongo();
try {
  await syncIndexes({ replacesChanged: !config.isProduction });
  console.log('Every collection and index is there.');
} finally {
  await disconnectMongo();
}
