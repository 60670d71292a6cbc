import { afterAll, afterEach, inject } from 'vitest';
import { runAfterEveryTest } from '../support/after-every-test.ts';
import { blockOutboundConnections } from './block-outbound.ts';
import { prepareWorkerDatabase } from './empty-collections.ts';
import { guardAgainstScans, markQueriesOfTests } from './scan-guard.ts';
import { setTestEnvironment } from './test-environment.ts';
import { hostsOf, withDatabase, withRedisDatabase } from './server-urls.ts';

const { mongoUri, redisUrl, ownsRedis, runId } = inject('services');
const worker = process.env['VITEST_POOL_ID'] ?? '1';

// `monitorCommands` lets empty-collections.ts see which collections a test writes to.
const workerMongoUri = withDatabase(mongoUri, `quickbite_test_${runId}_${worker}`, { monitorCommands: 'true' });
// Database numbers are ours to give only on our own server; the prefix separates workers everywhere.
const redis = {
  redisUrl: ownsRedis ? withRedisDatabase(redisUrl, Number(worker)) : redisUrl,
  redisPrefix: `quickbite-test-${runId}-${worker}`,
};
setTestEnvironment({ mongoUri: workerMongoUri, ...redis });

afterEach(runAfterEveryTest);
afterEach(blockOutboundConnections([...hostsOf(mongoUri), ...hostsOf(redisUrl)]));

// A worker runs one file after another on the same database: each begins with an empty one.
const database = await prepareWorkerDatabase(workerMongoUri, redis);
markQueriesOfTests();
const guard = await guardAgainstScans(database.db);
afterAll(async () => {
  try {
    await guard.assertNone();
  } finally {
    await database.close();
  }
});

// Runs before what is above. Only now, since src/config reads the environment that the file has asked for.
if (inject('group') !== 'alone') {
  afterAll(async () => {
    const { forgetFile } = await import('./forget-file.ts');
    await forgetFile();
  });
}
