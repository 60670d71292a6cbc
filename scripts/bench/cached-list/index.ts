import type { Child } from '../child.ts';
import { interleave, type Contender, type Load, type Sample, type Scores } from '../interleave.ts';
import { markdownTable } from '../report.ts';
import { onStage, type RunningApi, type Stage } from '../stage.ts';
import { median, rounded, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import type { LoadRequest } from './contender-load.ts';
import { insertRestaurants } from './restaurants.ts';

/** P1, P2 and P3 of bar.md. */
const TARGET = { chain: 0.5, express: 2, lane: 0.85, laneKnown: 0.85, chainKnown: 0.45 };
const LOAD: Load = { inFlight: 32, count: 8000 };
const PATH = '/api/v1/restaurants?limit=20';
/** The same list under a URL that is too long to be remembered: always found by its router. */
const UNKNOWN_PATH = PATH + '&'.repeat(500);

export const cachedListBench: Bench = {
  name: 'cached-list',
  title: 'cached-list: a list out of the cache, through the chain and before the router, against bare servers',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, { rounds, say }: BenchOptions): Promise<BenchReport> {
  await insertRestaurants(stage.client);
  const lane = await stage.startApi();
  const chain = await stage.startApi([], { FAST_LANE: 'false' });
  const { text, etag } = await warmed(lane);
  if ((await warmed(chain)).text !== text) throw new Error('the two ways do not give out the same bytes');
  const known = `If-None-Match: ${etag}\r\n`;
  const load = stage.startContender('load');
  const contenders = [
    await bareContender({ stage, load, text }, 'bytes'),
    await bareContender({ stage, load, text }, 'express'),
    await bareContender({ stage, load, text }, 'small'),
    apiContender(load, chain, { name: 'routers', path: UNKNOWN_PATH, headers: '', status: 200 }),
    apiContender(load, chain, { name: 'chain', headers: '', status: 200 }),
    apiContender(load, lane, { name: 'lane', headers: '', status: 200 }),
    apiContender(load, chain, { name: 'chain 304', headers: known, status: 304 }),
    apiContender(load, lane, { name: 'lane 304', headers: known, status: 304 }),
  ];
  say('Warming up');
  await interleave(contenders, LOAD, 2);
  say(`${rounds} rounds`);
  const before = await load.call<NodeJS.CpuUsage>('cpu');
  const startedAt = performance.now();
  const scores = await interleave(contenders, LOAD, rounds);
  const after = await load.call<NodeJS.CpuUsage>('cpu');
  const share = (after.user + after.system - before.user - before.system) / 1000 / (performance.now() - startedAt);
  return {
    figures: figuresOf(scores),
    notes: [
      markdownTable(costs(scores)),
      `The generator (bare sockets, ${LOAD.inFlight} kept connections, one request at a time on each) used ${Math.round(share * 100)} % of a core. ` +
        '`chain`: the lane switched off; Express, request context, log and metrics, and the page recognised by its URL. `routers`: every ' +
        'middleware, the routers, validation, and the page by its parameters. Rates say what one machine does with generator and server side by side; processor time per answer is the server’s alone.',
    ],
    facts: [`${rounds} rounds of ${LOAD.count} answers`, `list of ${Buffer.byteLength(text)} bytes`],
  };
}

/** Until it is held and its lane is open. */
async function warmed({ url }: RunningApi): Promise<{ text: string; etag: string }> {
  for (let turn = 0; turn < 5; turn += 1) {
    await (await fetch(url + PATH)).text();
    await (await fetch(url + UNKNOWN_PATH)).text();
  }
  const res = await fetch(url + PATH);
  return { text: await res.text(), etag: res.headers.get('etag') ?? '' };
}

async function bareContender(
  { stage, load, text }: { stage: Stage; load: Child; text: string },
  kind: 'bytes' | 'express' | 'small',
): Promise<Contender> {
  const child = stage.startContender('bare');
  const port = await child.call<number>('open', { kind, text });
  const cpu = async () => {
    const { user, system } = await child.call<NodeJS.CpuUsage>('cpu');
    return (user + system) / 1000;
  };
  return contender(load, { name: kind, port, headers: '', status: 200, cpu });
}

function apiContender(
  load: Child,
  api: RunningApi,
  { name, path, headers, status }: Omit<Player, 'port' | 'cpu'>,
): Contender {
  const cpu = async () => (await api.cpuSeconds()) * 1000;
  return contender(load, { name, port: Number(new URL(api.url).port), path, headers, status, cpu });
}

interface Player {
  name: string;
  path?: string | undefined;
  port: number;
  headers: string;
  status: number;
  cpu: () => Promise<number>;
}

function contender(load: Child, { name, path = PATH, port, headers, status, cpu }: Player): Contender {
  return {
    name,
    async run({ inFlight, count }) {
      const request: LoadRequest = { port, path, headers, status, inFlight, count };
      const before = await cpu();
      const sample = await load.call<Sample>('run', request);
      return { ...sample, cpuMs: (await cpu()) - before };
    },
  };
}

function figuresOf(scores: Scores): Figure[] {
  const pairs = [
    ['P1 list through the chain, against node:http', 'chain', 'bytes', TARGET.chain],
    ['P1 list through the chain, against Express res.json', 'chain', 'express', TARGET.express],
    ['P2 list before the router, against node:http', 'lane', 'bytes', TARGET.lane],
    ['P3 304 before the router, against 200 bytes on node:http', 'lane 304', 'small', TARGET.laneKnown],
    ['P3 304 through the chain, against 200 bytes on node:http', 'chain 304', 'small', TARGET.chainKnown],
  ] as const;
  const kinds = [
    { key: 'perSecond', unit: 'answers/s', suffix: '' },
    { key: 'cpu', unit: 'ms', suffix: ', processor time per answer' },
  ] as const;
  return pairs.flatMap(([figure, ours, baseline, target]) =>
    kinds.map(({ key, unit, suffix }) =>
      toFigure({
        figure: figure + suffix,
        unit,
        target: key === 'perSecond' ? target : null,
        rounds: scores.map((round) => ({ ours: round[ours]?.[key] ?? 0, baseline: round[baseline]?.[key] ?? 0 })),
      }),
    ),
  );
}

function costs(scores: Scores): string[][] {
  const names = Object.keys(scores[0] ?? {});
  return [
    ['contender', 'answers/s', 'processor time per answer (µs)', 'p99 (ms)'],
    ...names.map((name) => {
      const of = (key: 'perSecond' | 'cpu' | 'p99') => median(scores.map((round) => round[name]?.[key] ?? 0));
      return [name, String(rounded(of('perSecond'))), String(rounded(of('cpu') * 1000)), String(rounded(of('p99')))];
    }),
  ];
}
