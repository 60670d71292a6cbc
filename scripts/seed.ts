/**
 * Writes the sample city into MONGODB_URI: `npm run seed -- --profile tiny|demo|load`. `--part city` leaves out its past, which
 * `--part history` adds.
 */
import { parseArgs } from 'node:util';
import { connectMongo, disconnectMongo, syncIndexes } from '../src/infra/mongo/index.ts';
import {
  PROFILES,
  refuseProduction,
  seedCity,
  seedHistory,
  type Profile,
  type SeedProgress,
} from './sample-city/index.ts';

const { values } = parseArgs({
  options: { profile: { type: 'string', default: 'demo' }, part: { type: 'string', default: 'all' } },
});

/** A large profile has hundreds of batches: a line each would say nothing. */
function onProgress({ collection, done, total }: SeedProgress): void {
  if (done % 10_000 === 0 || done === total) console.log(`  ${collection}: ${done} of ${total}`);
}

/** Both are promised: a minute for the demo (domain.md section 6), and memory that does not grow with the orders. */
function cost(): string {
  const seconds = (performance.now() / 1_000).toFixed(1);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
  return `in ${seconds} s, with at most ${megabytes} MB of memory`;
}

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
    const nothing = { isNew: false, written: 0 };
    const city = values.part === 'history' ? nothing : await seedCity({ profile, onProgress });
    const history = values.part === 'city' ? nothing : await seedHistory({ profile, onProgress });
    const written = city.written + history.written;
    console.log(
      city.isNew || history.isNew
        ? `Saffron Bay (${profile}): ${written} rows written ${cost()}.`
        : `Saffron Bay (${profile}) is there already.`,
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
