import type { Child } from '../child.ts';
import type { Contender, Load, Sample } from '../interleave.ts';
import type { CommandCounts } from './count-commands.ts';
import { CpuLedger } from './cpu-ledger.ts';
import { CONTENDER_NAMES, type ContenderName, type Job, type RunRequest } from './jobs.ts';
import type { RunningApi, Stage } from '../stage.ts';

export interface Company {
  contenders: readonly Contender[];
  ledger: CpuLedger;
  api: RunningApi;
  prepare(count: number): Promise<Job[]>;
  run(name: ContenderName, request: RunRequest): Promise<Sample>;
  /** The commands of the contenders that count them, in processes that do nothing else. */
  countCommands(name: 'plain' | 'service', jobs: Job[]): Promise<CommandCounts>;
}

/** Seeds the city, starts API, contenders and generator, and connects them. */
export async function gather(stage: Stage): Promise<Company> {
  const service = stage.startContender('service');
  await service.call('open');
  await service.call('seed');
  const plain = stage.startContender('plain');
  await plain.call('open', { uri: stage.uri });
  const api = await stage.startApi();
  const http = stage.startContender('http');
  await http.call('open', { url: api.url });
  const children: Record<ContenderName, Child> = { plain, service, http };
  const ledger = new CpuLedger({ client: stage.client, api, children });
  const prepare = (count: number) => service.call<Job[]>('prepare', { count });
  const run = (name: ContenderName, request: RunRequest) => children[name].call<Sample>('run', request);
  return {
    contenders: CONTENDER_NAMES.map((name) => ({
      name,
      run: async ({ count, inFlight }: Load) => {
        const jobs = await prepare(count);
        return ledger.observe(name, count, () => run(name, { jobs, inFlight }));
      },
    })),
    ...{ ledger, api, prepare, run },
    countCommands: (name, jobs) => countApart(stage, name, jobs),
  };
}

async function countApart(stage: Stage, name: 'plain' | 'service', jobs: Job[]): Promise<CommandCounts> {
  const uri = `${stage.uri}&monitorCommands=true`;
  const child = stage.startContender(name, { MONGODB_URI: uri });
  await child.call('open', { uri });
  const counts = await child.call<CommandCounts>('count', { jobs, inFlight: 1 });
  await child.stop();
  return counts;
}
