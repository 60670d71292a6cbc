import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertUsers } from '../bench-users.ts';
import type { Child } from '../child.ts';
import type { Sample } from '../interleave.ts';
import { freePort, onStage, type Stage } from '../stage.ts';
import { quantile, rounded, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import type { BurstResult, ProbeResult, Round, StormRequest } from './storm.ts';

/** P9 of bar.md. */
const IN_FLIGHT = 64;
const LOG_INS = 256;
const CALM_SECONDS = 5;
const BURST = 512;
const TARGET = { ratio: 0.9, loopMs: 20, otherTimes: 2, fsMs: 50, refusalMs: 1000 };

export const loginStormBench: Bench = {
  name: 'login-storm',
  title: 'login-storm: 64 log-ins in flight, against the bare pool of hash threads',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

interface Players {
  bare: Child;
  http: Child;
  other: Child;
  probe: (path: 'begin' | 'end') => Promise<ProbeResult>;
  emails: string[];
}

async function measure(stage: Stage, { rounds, say }: BenchOptions): Promise<BenchReport> {
  const players = await gather(stage);
  say('Warming up');
  await playRound(players, 0);
  const played: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    say(`Round ${round + 1} of ${rounds}`);
    played.push(await playRound(players, round));
  }
  say(`${BURST} at once`);
  const burst = await players.http.call<BurstResult>('burst', { emails: players.emails.slice(0, BURST) });
  return {
    figures: figuresOf(played, burst),
    notes: [describeBurst(burst)],
    facts: [`${rounds} rounds of ${LOG_INS} log-ins, bcrypt cost 10`],
  };
}

async function gather(stage: Stage): Promise<Players> {
  const probePort = await freePort();
  const probeFile = join(import.meta.dirname, 'probe.ts');
  const api = await stage.startApi(['--import', probeFile], { BENCH_PROBE_PORT: String(probePort), BCRYPT_COST: '10' });
  const [bare, http, other] = ['bare', 'http', 'other'].map((name) => stage.startContender(name)) as [
    Child,
    Child,
    Child,
  ];
  await Promise.all([http, other].map((child) => child.call('open', { url: api.url })));
  const emails = await insertUsers(stage.client, BURST);
  const probe = async (path: 'begin' | 'end') =>
    (await (await fetch(`http://127.0.0.1:${probePort}/${path}`)).json()) as ProbeResult;
  return { bare, http, other, probe, emails };
}

/** Bare first in one round, ours first in the next; the calm always before the storm it is compared with. */
async function playRound(players: Players, round: number): Promise<Round> {
  const storm: StormRequest = { emails: players.emails.slice(0, LOG_INS), inFlight: IN_FLIGHT };
  const runBare = async () => perSecond(await players.bare.call<Sample>('run', storm));
  const before = round % 2 === 0 ? await runBare() : null;
  const calm = await watch(players, () => sleep(CALM_SECONDS * 1000));
  let httpPerSecond = 0;
  const during = await watch(players, async () => {
    httpPerSecond = perSecond(await players.http.call<Sample>('run', storm));
  });
  return { barePerSecond: before ?? (await runBare()), httpPerSecond, calm, storm: during };
}

async function watch({ other, probe }: Players, work: () => Promise<unknown>): Promise<Round['storm']> {
  await probe('begin');
  await other.call('begin');
  await work();
  const latencies = await other.call<number[]>('end');
  return { other: latencies, probe: await probe('end') };
}

function perSecond({ seconds, latenciesMs }: Sample): number {
  return latenciesMs.length / seconds;
}

function figuresOf(rounds: Round[], burst: BurstResult): Figure[] {
  const p99 = (values: number[]) => quantile(values, 0.99);
  const limit = (figure: string, limitMs: number, of: (round: Round) => number) =>
    toFigure({
      ...{ figure: `login-storm, ${figure} against ${limitMs} ms`, unit: 'ms', target: 1 },
      rounds: rounds.map((round) => ({ ours: of(round), baseline: limitMs })),
    });
  return [
    toFigure({
      ...{ figure: `login-storm, POST /auth/login, ${IN_FLIGHT} in flight`, unit: 'log-ins/s', target: TARGET.ratio },
      rounds: rounds.map(({ httpPerSecond, barePerSecond }) => ({ ours: httpPerSecond, baseline: barePerSecond })),
    }),
    toFigure({
      ...{ figure: 'login-storm, GET /restaurants meanwhile against the calm, p99', unit: 'ms' },
      target: 1 / TARGET.otherTimes,
      rounds: rounds.map(({ storm, calm }) => ({ ours: p99(storm.other), baseline: p99(calm.other) })),
    }),
    limit('event-loop delay p99', TARGET.loopMs, ({ storm }) => storm.probe.loopP99),
    limit('file system p99', TARGET.fsMs, ({ storm }) => storm.probe.fsP99),
    limit('DNS look-up p99', TARGET.fsMs, ({ storm }) => storm.probe.dnsP99),
    toFigure({
      ...{ figure: `login-storm, slowest refusal of ${BURST} at once against 1 s`, unit: 'ms', target: 1 },
      rounds: [{ ours: Math.max(1, burst.slowestRefusalMs), baseline: TARGET.refusalMs }],
    }),
  ];
}

function describeBurst({ accepted, refused, others, slowestRefusalMs, slowestAcceptedMs }: BurstResult): string {
  return (
    `${BURST} log-ins at once: ${accepted} were let in (the slowest after ${rounded(slowestAcceptedMs)} ms), ${refused} refused with 503 ` +
    `(the slowest after ${rounded(slowestRefusalMs)} ms), ${others} answered otherwise.`
  );
}
