/**
 * `npm run check:invariants -- --uri mongodb://…/quickbite`: holds the invariants of the domain against a database; reads only.
 * `--provider URL` compares the local payment provider's book, too; `--at-rest` says that the queues are drained; `--json` is for
 * programs. Without `--uri` it is MONGODB_URI. Ends with 0: all hold; 1: some do not; 2: it could not look.
 */
import { parseArgs } from 'node:util';
import { config } from '../src/config/index.ts';
import { checkInvariants, printReport } from './check-invariants/index.ts';

const USAGE = `npm run check:invariants -- [--uri mongodb://…/quickbite] [--provider URL] [--at-rest] [--json]

  --uri       the database; without it MONGODB_URI. It is only read.
  --provider  the local payment provider, whose book is compared, too
  --at-rest   queues are drained and nobody orders: everything must hold at once, without the fifteen minutes of grace
  --json      for programs

Ends with 0: all hold; 1: some do not; 2: it could not look.`;

const options = {
  help: { type: 'boolean', default: false },
  uri: { type: 'string', default: config.mongo.uri },
  provider: { type: 'string' },
  'at-rest': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

function argumentsOf() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const values = argumentsOf();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

try {
  const { uri, provider: providerUrl } = values;
  const report = await checkInvariants({ uri, providerUrl, isAtRest: values['at-rest'] });
  console.log(values.json ? JSON.stringify(report, null, 2) : printReport(report));
  process.exitCode = report.isSound ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
