import { readFile } from 'node:fs/promises';
import newman, { type NewmanRunSummary } from 'newman';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { COLLECTION_FILE, ENVIRONMENT_FILE } from '../../scripts/contract/postman-files.ts';
import { journeySteps } from '../../scripts/contract/journey-steps.ts';
import { seedCity } from '../../scripts/sample-city/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const FOLDER = 'From sign-up to delivered';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
  localCloud.setWebhookUrl(`${app.url}/api/v1/webhooks/payments/stripe`);
  await seedCity({ profile: 'tiny' });
});

afterAll(() => app.stop());

it('the Postman collection, its journey run by newman on the seeded city, delivers an order', async () => {
  const { run } = await runFolder();
  const failures = run.failures.map(({ source, error }) => `${source?.name ?? ''}: ${error.message}`);
  expect(failures).toEqual([]);
  // Requests that waited for the worker ran more than once.
  const played = new Set(run.executions.map(({ item }) => item.name));
  expect(played.size).toBe(journeySteps.length);
}, 60_000);

async function runFolder(): Promise<NewmanRunSummary> {
  const collection = await readJson(COLLECTION_FILE);
  const environment = await readJson(ENVIRONMENT_FILE);
  const envVar = [
    { key: 'baseUrl', value: `${app.url}/api/v1` },
    { key: 'paymentProviderUrl', value: localCloud.stripeUrl },
  ];
  return new Promise((resolve, reject) => {
    newman.run({ collection, environment, envVar, folder: FOLDER, reporters: [], bail: true }, (error, summary) => {
      if (error === null) resolve(summary);
      else reject(error);
    });
  });
}

async function readJson(file: URL): Promise<object> {
  return JSON.parse(await readFile(file, 'utf8')) as object;
}
