import type { Sample } from '../interleave.ts';
import { onStage, type Stage } from '../stage.ts';
import { quantile, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import { townCount, townPoint } from './rows.ts';

/** P16 of bar.md. The million: `CATALOGUE_SIZES=1000,1000000 npm run bench -- catalogue-scale`. */
const DEFAULT_SIZES = '1000,10000,100000';
const REQUESTS = 400;
const IN_FLIGHT = 4;
const WARM_UPS = 200;
const TARGET = { p99: 1 / 1.5, docs: 1.1, keys: 1.5, geoKeys: 20 };
const SORTS = ['rating', 'distance'] as const;

interface Stats {
  nReturned: number;
  totalDocsExamined: number;
  totalKeysExamined: number;
}

interface Measured {
  size: number;
  p99ByRound: Record<string, number[]>;
  plans: Record<'rating' | 'near', Stats>;
}

export const catalogueScaleBench: Bench = {
  name: 'catalogue-scale',
  title: 'catalogue-scale: the list near a point while the catalogue grows',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, options: BenchOptions): Promise<BenchReport> {
  const sizes = (process.env['CATALOGUE_SIZES'] ?? DEFAULT_SIZES).split(',').map(Number);
  const measured: Measured[] = [];
  for (const size of sizes) measured.push(await measureSize(stage, size, options));
  const [first, ...others] = measured;
  if (first === undefined) throw new Error('CATALOGUE_SIZES names no size');
  return {
    figures: [...others.flatMap((other) => latencyFigures(first, other)), ...measured.flatMap(planFigures)],
    notes: [`Every request asks at another point, so that no cached page answers; ${IN_FLIGHT} in flight.`],
    facts: [`${REQUESTS} requests per round and sort`],
  };
}

async function measureSize(stage: Stage, size: number, { rounds, say }: BenchOptions): Promise<Measured> {
  say(`Filling in ${size} restaurants`);
  const seed = stage.startContender('seed');
  await seed.call('fill', { from: 0, to: size });
  const plans = await seed.call<Measured['plans']>('explain');
  await seed.stop();
  const api = await stage.startApi();
  const load = stage.startContender('load');
  const p99ByRound: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round += 1) {
    for (const sort of SORTS) {
      const urls = urlsOf(api.url, { sort, size, round, count: round < 0 ? WARM_UPS : REQUESTS });
      const { latenciesMs } = await load.call<Sample>('run', { urls, inFlight: IN_FLIGHT });
      if (round >= 0) (p99ByRound[sort] ??= []).push(quantile(latenciesMs, 0.99));
    }
  }
  await load.stop();
  await api.stop();
  return { size, p99ByRound, plans };
}

interface Asked {
  sort: string;
  size: number;
  round: number;
  count: number;
}

function urlsOf(base: string, { sort, size, round, count }: Asked): string[] {
  return Array.from({ length: count }, (_, index) => {
    const serial = (round + 2) * 10_000 + index;
    const { lat, lng } = townPoint(serial % townCount(size));
    const asked = `lat=${(lat + serial / 1e8).toFixed(8)}&lng=${lng.toFixed(8)}`;
    return `${base}/api/v1/restaurants?${asked}&mode=delivery&sort=${sort}`;
  });
}

function latencyFigures(first: Measured, other: Measured): Figure[] {
  return SORTS.map((sort) =>
    toFigure({
      figure: `catalogue-scale, by ${sort}, p99 with ${other.size} against ${first.size} restaurants`,
      unit: 'ms',
      target: TARGET.p99,
      rounds: (other.p99ByRound[sort] ?? []).map((ours, round) => {
        return { ours, baseline: first.p99ByRound[sort]?.[round] ?? 0 };
      }),
    }),
  );
}

function planFigures({ size, plans }: Measured): Figure[] {
  const { rating, near } = plans;
  const figure = (name: string, ours: number, baseline: number) =>
    toFigure({
      figure: `catalogue-scale, ${size} restaurants, ${name}`,
      unit: 'per row',
      target: null,
      rounds: [{ ours, baseline }],
    });
  return [
    figure('by rating, documents examined, of at most', rating.totalDocsExamined / rating.nReturned, TARGET.docs),
    figure('by rating, keys examined, of at most', rating.totalKeysExamined / rating.nReturned, TARGET.keys),
    figure('by distance, keys examined, of at most', near.totalKeysExamined / near.nReturned, TARGET.geoKeys),
  ];
}
