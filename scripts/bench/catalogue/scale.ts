import type { Child } from '../child.ts';
import { interleave, type Contender, type Sample, type Scores } from '../interleave.ts';
import { markdownTable } from '../report.ts';
import { onStage, type Stage } from '../stage.ts';
import { median, rounded, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import { fillIn, type Filled } from './fill-in.ts';
import { townCount, townPoint } from './rows.ts';

/** P16 of bar.md. The million: `CATALOGUE_SIZES=1000,1000000 npm run bench -- catalogue-scale`. */
const DEFAULT_SIZES = '1000,10000,100000';
const LOAD = { inFlight: 4, count: 600 };
const WARM_UPS = 2;
/** At most one and a half times as slow as the smallest. */
const TARGET = { p99: 1 / 1.5, docs: 1.1, keys: 1.5, geoKeys: 20 };
const SORTS = ['rating', 'distance'] as const;
/** Enough for the million. The half gigabyte of a demo would measure what a disk does. */
const CACHE_GB = 6;
const INDEX_BUILD_MB = 1_000;

interface Catalogue extends Filled {
  size: number;
  contenders: Contender[];
}

export const catalogueScaleBench: Bench = {
  name: 'catalogue-scale',
  title: 'catalogue-scale: the list near a point while the catalogue grows',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, { rounds, say }: BenchOptions): Promise<BenchReport> {
  const sizes = (process.env['CATALOGUE_SIZES'] ?? DEFAULT_SIZES).split(',').map(Number);
  await giveRoom(stage);
  const load = stage.startContender('load');
  const catalogues: Catalogue[] = [];
  for (const [number, size] of sizes.entries()) {
    say(`Filling in ${size} restaurants`);
    catalogues.push(await openCatalogue({ stage, load }, size, number));
  }
  const contenders = catalogues.flatMap((catalogue) => catalogue.contenders);
  say('Warming up');
  await interleave(contenders, LOAD, WARM_UPS);
  say(`${rounds} rounds`);
  const scores = await interleave(contenders, LOAD, rounds);
  return {
    figures: [...latencyFigures(sizes, scores), ...catalogues.flatMap(planFigures)],
    notes: [
      markdownTable(tableOf(catalogues, scores)),
      'Every size is a database of its own with an API of its own, beside each other; a round visits all of them in turning order. ' +
        'Every request asks at another point, town by town, so that no cached page answers. A ratio of 0.667 is one and a half times as slow. ' +
        'Processor time is that of API and MongoDB per request; other load on the machine hardly moves it.',
    ],
    facts: [
      `${rounds} rounds of ${LOAD.count} requests, ${LOAD.inFlight} in flight, for each size and sort`,
      `cache of MongoDB ${CACHE_GB} GB`,
    ],
  };
}

async function giveRoom({ client }: Stage): Promise<void> {
  const admin = client.db('admin');
  await admin.command({ setParameter: 1, wiredTigerEngineRuntimeConfig: `cache_size=${CACHE_GB}G` });
  await admin.command({ setParameter: 1, maxIndexBuildMemoryUsageMegabytes: INDEX_BUILD_MB });
}

async function openCatalogue(
  { stage, load }: { stage: Stage; load: Child },
  size: number,
  number: number,
): Promise<Catalogue> {
  const place = {
    MONGODB_URI: stage.uri.replace('/quickbite?', `/catalogue_${size}?`),
    REDIS_URL: `${stage.env['REDIS_URL'] ?? ''}/${number + 1}`,
  };
  const filled = await fillIn(stage, size, place);
  const api = await stage.startApi([], place);
  const cpuMs = async (): Promise<number> => (await api.cpuSeconds()) * 1000 + (await mongodCpuMs(stage));
  let serial = 0;
  const contenders = SORTS.map((sort): Contender => {
    return {
      name: nameOf(sort, size),
      async run({ count, inFlight }) {
        const urls = Array.from({ length: count }, () => {
          serial += 1;
          return `${api.url}${pathOf({ sort, size, serial })}`;
        });
        const before = await cpuMs();
        const sample = await load.call<Sample>('run', { urls, inFlight });
        return { ...sample, cpuMs: (await cpuMs()) - before };
      },
    };
  });
  return { size, contenders, ...filled };
}

async function mongodCpuMs({ client }: Stage): Promise<number> {
  const status = await client.db('admin').command({ serverStatus: 1 });
  const { user_time_us: user, system_time_us: system } = status['extra_info'] as Record<string, number>;
  return (Number(user) + Number(system)) / 1000;
}

function nameOf(sort: string, size: number): string {
  return `${size} by ${sort}`;
}

/** No point twice, so no page twice. */
function pathOf({ sort, size, serial }: { sort: string; size: number; serial: number }): string {
  const { lat, lng } = townPoint(serial % townCount(size));
  const asked = `lat=${(lat + serial / 1e8).toFixed(8)}&lng=${lng.toFixed(8)}`;
  return `/api/v1/restaurants?${asked}&mode=delivery&sort=${sort}`;
}

function latencyFigures([first = 0, ...others]: readonly number[], scores: Scores): Figure[] {
  const measures = [
    { key: 'p99', label: 'p99', target: TARGET.p99 },
    { key: 'cpu', label: 'processor time per request', target: null },
  ] as const;
  return others.flatMap((size) =>
    SORTS.flatMap((sort) =>
      measures.map(({ key, label, target }) =>
        toFigure({
          figure: `catalogue-scale, by ${sort}, ${label} with ${size} against ${first} restaurants`,
          unit: 'ms',
          target,
          rounds: scores.map((round) => {
            return { ours: round[nameOf(sort, size)]?.[key] ?? 0, baseline: round[nameOf(sort, first)]?.[key] ?? 0 };
          }),
        }),
      ),
    ),
  );
}

function planFigures({ size, plans: { rating, near } }: Catalogue): Figure[] {
  const figure = (name: string, ours: number, baseline: number) =>
    toFigure({
      figure: `catalogue-scale, ${size} restaurants, ${name}`,
      unit: 'per row',
      target: 1,
      rounds: [{ ours, baseline }],
    });
  return [
    figure('by rating, documents examined, of at most', rating.totalDocsExamined / rating.rows, TARGET.docs),
    figure('by rating, keys examined, of at most', rating.totalKeysExamined / rating.rows, TARGET.keys),
    figure('by distance, keys examined, of at most', near.totalKeysExamined / near.rows, TARGET.geoKeys),
  ];
}

function tableOf(catalogues: readonly Catalogue[], scores: Scores): string[][] {
  const measures = ['p50', 'p99', 'cpu'] as const;
  const measured = SORTS.flatMap((sort) => measures.map((key) => ({ sort, key })));
  const headings = measured.map(({ sort, key }) => `by ${sort}, ${key === 'cpu' ? 'processor time' : key} (ms)`);
  return [
    ['restaurants', 'rows written in (s)', 'indexes built in (s)', ...headings],
    ...catalogues.map(({ size, writingSeconds, indexingSeconds }) => [
      String(size),
      String(rounded(writingSeconds)),
      String(rounded(indexingSeconds)),
      ...measured.map(({ sort, key }) =>
        String(rounded(median(scores.map((round) => round[nameOf(sort, size)]?.[key] ?? 0)))),
      ),
    ]),
  ];
}
