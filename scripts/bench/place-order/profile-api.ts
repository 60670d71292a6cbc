import { join } from 'node:path';
import { summarizeProfile } from '../cpu-profile.ts';
import { markdownTable } from '../report.ts';
import type { Company } from './contenders.ts';
import type { Stage } from '../stage.ts';

const WARM_UP = 400;
const ORDERS = 1500;
const PLACES = 14;
const FUNCTIONS = 12;

/** An API of its own under the profiler, so that its cost is in no figure. The profile includes its start. */
export async function profileApi(stage: Stage, company: Company): Promise<string> {
  const folder = join(stage.dataDir, 'profile');
  const api = await stage.startApi(['--cpu-prof', '--cpu-prof-dir', folder]);
  const generator = stage.startContender('http');
  await generator.call('open', { url: api.url });
  for (const count of [WARM_UP, ORDERS]) {
    await generator.call('run', { jobs: await company.prepare(count), inFlight: 16 });
  }
  await api.stop();
  const { byCaller, byFunction, idle } = await summarizeProfile(folder);
  const places = markdownTable([['where', 'self time'], ...byCaller.slice(0, PLACES).map(toRow)]);
  const functions = markdownTable([['function', 'self time'], ...byFunction.slice(0, FUNCTIONS).map(toRow)]);
  return `CPU profile of the API (${ORDERS + WARM_UP} orders, 16 in flight; ${percent(idle)} of the time it was idle):\n\n${places}\n\n${functions}`;
}

function toRow([name, share]: [string, number]): string[] {
  return [name, percent(share)];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
