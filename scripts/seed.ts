/** Writes the sample city into MONGODB_URI: `npm run seed -- --profile tiny|demo|load`. */
import { parseArgs } from 'node:util';
import { connectMongo, disconnectMongo, syncIndexes } from '../src/infra/mongo/index.ts';
import { PROFILES, refuseProduction, seedCity, type Profile } from './sample-city/index.ts';

const { values } = parseArgs({ options: { profile: { type: 'string', default: 'demo' } } });

function isProfile(name: string): name is Profile {
  return Object.hasOwn(PROFILES, name);
}

async function seed(profile: string): Promise<void> {
  if (!isProfile(profile))
    throw new Error(
      `There is no profile ${profile}; there are ${new Intl.ListFormat('en-GB').format(Object.keys(PROFILES))}.`,
    );
  refuseProduction();
  await connectMongo();
  try {
    await syncIndexes({ replacesChanged: true });
    const { isNew, written } = await seedCity({
      profile,
      onProgress: ({ collection, done, total }) => {
        console.log(`  ${collection}: ${done} of ${total}`);
      },
    });
    console.log(
      isNew ? `Saffron Bay (${profile}): ${written} rows written.` : `Saffron Bay (${profile}) is there already.`,
    );
  } finally {
    await disconnectMongo();
  }
}

try {
  await seed(values.profile);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
