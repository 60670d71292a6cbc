import { readFile } from 'node:fs/promises';
import newman, { type NewmanRunSummary } from 'newman';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { COLLECTION_FILE, ENVIRONMENT_FILE } from '../../scripts/contract/postman-files.ts';
import { journeys } from '../../scripts/contract/journey-steps.ts';
import { sessionJourney } from '../../scripts/contract/journey-session.ts';
import { seedCity } from '../../scripts/sample-city/index.ts';
import { config } from '../../src/config/index.ts';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { setClock } from '../../src/shared/clock.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  localCloud.setWebhookUrl(`${app.url}/api/v1/webhooks/payments/stripe`);
  await seedCity({ profile: 'tiny' });
});

afterAll(() => app.stop());

it.each(journeys.map(({ name, steps }) => [name, steps.length] as const))(
  'the Postman collection, its folder “%s” run by newman on the seeded city, passes',
  async (name, count) => {
    const { run } = await runFolder(name);
    expect(failuresOf(run)).toEqual([]);
    // Requests that waited for the worker ran more than once.
    const played = new Set(run.executions.map(({ item }) => item.name));
    expect(played.size).toBe(count);
  },
  180_000,
);

it('a token that is about to expire, in a request of the collection, is changed before it is sent', async () => {
  await emptyCollections();
  // Tokens made now end in ten seconds of real time.
  setClock({ offsetMs: -(config.auth.accessTtlSeconds - 10) * 1000 });
  const { run } = await runFolder(sessionJourney.name);
  setClock(null);
  expect(failuresOf(run)).toEqual([]);
  // Each of the session's own changes has one child; the rest came of themselves.
  expect(await RefreshTokenModel.countDocuments()).toBeGreaterThan(3);
});

function failuresOf({ failures }: NewmanRunSummary['run']): string[] {
  return failures.map(({ source, error }) => `${source?.name ?? ''}: ${error.message}`);
}

async function runFolder(folder: string): Promise<NewmanRunSummary> {
  const collection = await readJson(COLLECTION_FILE);
  const environment = await readJson(ENVIRONMENT_FILE);
  const envVar = [
    { key: 'baseUrl', value: `${app.url}/api/v1` },
    { key: 'paymentProviderUrl', value: localCloud.stripeUrl },
  ];
  return new Promise((resolve, reject) => {
    newman.run({ collection, environment, envVar, folder, reporters: [], bail: true }, (error, summary) => {
      if (error === null) resolve(summary);
      else reject(error);
    });
  });
}

async function readJson(file: URL): Promise<object> {
  return JSON.parse(await readFile(file, 'utf8')) as object;
}
