import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants, printReport } from '../../../scripts/check-invariants/index.ts';
import { seedCity, seedHistory } from '../../../scripts/sample-city/index.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(async () => {
  await bootstrap();
  await seedCity({ profile: 'tiny' });
  await seedHistory({ profile: 'tiny' });
}, 60_000);
afterAll(async () => {
  await emptyCollections();
  await shutdown('test');
});

describe('the invariants', () => {
  it('hold over the whole past of the sample city', async () => {
    const report = await checkInvariants({ uri: config.mongo.uri, isAtRest: true });
    console.log(printReport(report));
    expect(report.results.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(report.orders).toBe(200);
  });
});
