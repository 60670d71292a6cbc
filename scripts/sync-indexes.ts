/** `npm run sync-indexes`: creates the collections and indexes that the models declare. In production, before the new version starts. */
import '../src/models.ts';
import { config } from '../src/config/index.ts';
import { connectMongo, disconnectMongo, syncIndexes } from '../src/infra/mongo/index.ts';

try {
  await connectMongo();
  await syncIndexes({ replacesChanged: !config.isProduction });
  console.log('Every collection and index is there.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await disconnectMongo();
}
