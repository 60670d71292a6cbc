/** `npm run sync-indexes`: creates the collections and indexes that the models declare. In production, before the new version starts. */
import '../src/models.ts';
import { config } from '../src/config/index.ts';
import { connectMongo, disconnectMongo, syncIndexes } from '../src/infra/mongo/index.ts';

try {
  await connectMongo({ waitsForBuilds: true });
  const unnamed = await syncIndexes({ replacesChanged: !config.isProduction });
  console.log('Every collection and index is there.');
  if (unnamed.length > 0)
    console.log(`No model names these any more; drop them once no older version runs: ${unnamed.join(', ')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await disconnectMongo();
}
