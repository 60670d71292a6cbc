import type { Child } from '../child.ts';
import { interleave, type Contender, type Load, type Sample, type Scores } from '../interleave.ts';
import { onStage, type Stage } from '../stage.ts';
import { toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import { fillIn } from './fill-in.ts';
import { townCount, townPoint } from './rows.ts';

/** P4 of bar.md. */
const TARGET = { raw: 0.7, hydrated: 2 };
const RESTAURANTS = 5_000;
const LOAD: Load = { inFlight: 8, count: 600 };
const WARM_UPS = 2;

export const listMissBench: Bench = {
  name: 'list-miss',
  title: 'list-miss: a page of twenty restaurants that no cache has',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, { rounds, say }: BenchOptions): Promise<BenchReport> {
  say(`Filling in ${RESTAURANTS} restaurants`);
  await fillIn(stage, RESTAURANTS);
  const load = stage.startContender('load');
  const api = await stage.startApi();
  const ours = contender('ours', { load, url: api.url, cpuMs: async () => (await api.cpuSeconds()) * 1000 });
  const contenders = [ours, await bare(stage, load, 'raw'), await bare(stage, load, 'hydrated')];
  const bytes = await assertSameBytes(contenders);
  say('Warming up');
  await interleave(contenders, LOAD, WARM_UPS);
  say(`${rounds} rounds`);
  const scores = await interleave(contenders, LOAD, rounds);
  return {
    figures: figuresOf(scores),
    notes: [
      `Each request asks at another point. All three run one query on one index and send the same cards (${bytes} bytes); ours adds the page, validation, limits off, log line, headers and metrics.`,
    ],
    facts: [`${RESTAURANTS} restaurants`, `${rounds} rounds of ${LOAD.count} requests, ${LOAD.inFlight} in flight`],
  };
}

interface Server {
  load: Child;
  url: string;
  cpuMs: () => Promise<number>;
}

interface Asking extends Contender {
  read: (path: string) => Promise<string>;
}

let serial = 0;

function contender(name: string, { load, url, cpuMs }: Server): Asking {
  return {
    name,
    read: (path) => load.call<string>('read', { url: `${url}${path}` }),
    async run({ inFlight, count }) {
      const urls = Array.from({ length: count }, () => `${url}${nextPath()}`);
      const before = await cpuMs();
      const sample = await load.call<Sample>('run', { urls, inFlight });
      return { ...sample, cpuMs: (await cpuMs()) - before };
    },
  };
}

async function bare(stage: Stage, load: Child, name: 'raw' | 'hydrated'): Promise<Asking> {
  const child = stage.startContender('bare');
  const url = await child.call<string>('open', { isHydrated: name === 'hydrated' });
  const cpuMs = async () => {
    const { user, system } = await child.call<NodeJS.CpuUsage>('cpu');
    return (user + system) / 1000;
  };
  return contender(name, { load, url, cpuMs });
}

/** No point twice, so no page twice. */
function nextPath(): string {
  serial += 1;
  const { lat, lng } = townPoint(serial % townCount(RESTAURANTS));
  return `/api/v1/restaurants?lat=${(lat + serial / 1e8).toFixed(8)}&lng=${lng.toFixed(8)}&mode=delivery&sort=rating`;
}

async function assertSameBytes(contenders: readonly Asking[]): Promise<number> {
  const path = nextPath();
  const cards = await Promise.all(
    contenders.map(async ({ read }) => JSON.stringify((JSON.parse(await read(path)) as { data: unknown[] }).data)),
  );
  if (new Set(cards).size !== 1) throw new Error('the contenders do not send the same cards');
  return Buffer.byteLength(cards[0] ?? '');
}

function figuresOf(scores: Scores): Figure[] {
  const against = (baseline: 'raw' | 'hydrated', label: string, target: number): Figure[] => [
    toFigure({
      figure: `list-miss, against ${label}`,
      unit: 'requests/s',
      target,
      rounds: scores.map((round) => ({
        ours: round['ours']?.perSecond ?? 0,
        baseline: round[baseline]?.perSecond ?? 0,
      })),
    }),
    toFigure({
      figure: `list-miss, against ${label}, processor time per request`,
      unit: 'ms',
      target: null,
      rounds: scores.map((round) => ({ ours: round['ours']?.cpu ?? 0, baseline: round[baseline]?.cpu ?? 0 })),
    }),
  ];
  return [
    ...against('raw', 'the raw driver on node:http', TARGET.raw),
    ...against('hydrated', 'hydrated Mongoose on node:http', TARGET.hydrated),
  ];
}
