import { interleave, type Load, type Scores } from '../interleave.ts';
import { markdownTable } from '../report.ts';
import { median, quantile, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport, Figure } from '../types.ts';
import { gather, type Company } from './contenders.ts';
import { describeCommands, describeTraces, inspectWork } from './inspect-work.ts';
import { profileApi } from './profile-api.ts';
import { measureReplays } from './replays.ts';
import { onStage, type Stage } from '../stage.ts';

/** P6 of bar.md: the ratio, orders per second on two cores, and p99 at 70 % of capacity. */
const TARGET = { ratio: 0.75, perSecond: 250, p99Ms: 150 };
const BUSY: Load = { inFlight: 16, count: 400 };
const CALM: Load = { inFlight: 1, count: 100 };
const WARM_UPS = 2;
const STEADY_SECONDS = 8;

export const placeOrderBench: Bench = {
  name: 'place-order',
  title: 'place-order: an order from the token to the commit, against the raw driver',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

async function measure(stage: Stage, { rounds, isProfiled, say }: BenchOptions): Promise<BenchReport> {
  const company = await gather(stage);
  const work = await inspectWork(stage, company);
  say('Warming up');
  await interleave(company.contenders, BUSY, WARM_UPS);
  company.ledger.forget();
  say(`${rounds} rounds with ${BUSY.inFlight} in flight`);
  const busy = await interleave(company.contenders, BUSY, rounds);
  const usage = markdownTable(company.ledger.rows());
  say(`${rounds} rounds with ${CALM.inFlight} in flight`);
  const calm = await interleave(company.contenders, CALM, rounds);
  const capacity = median(busy.map((round) => round['http']?.perSecond ?? 0));
  const steady = await steadyLatencies(company, 0.7 * capacity, rounds);
  say('Replays');
  const replays = await measureReplays(company, rounds);
  const profile = isProfiled ? [await profileApi(stage, company)] : [];
  const { version } = (await stage.client.db('admin').command({ buildInfo: 1 })) as { version: string };
  return {
    figures: [...figuresOf(busy, BUSY), ...figuresOf(calm, CALM), ...absoluteFigures(busy, steady), ...replays],
    notes: [
      describeCommands(work),
      describeTraces(work),
      `Processor time per order with ${BUSY.inFlight} in flight:\n\n${usage}`,
      ...profile,
    ],
    facts: [`mongod ${version}`, `${rounds} rounds of ${BUSY.count} and ${CALM.count} orders`],
  };
}

/** Open loop: orders arrive at a fixed rate, whether the earlier ones are answered or not. */
async function steadyLatencies(company: Company, perSecond: number, rounds: number): Promise<number[][]> {
  const latencies: number[][] = [];
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    const jobs = await company.prepare(Math.ceil(perSecond * STEADY_SECONDS));
    latencies.push((await company.run('http', { jobs, inFlight: 0, perSecond })).latenciesMs);
  }
  return latencies;
}

function figuresOf(scores: Scores, { inFlight }: Load): Figure[] {
  const kinds = [
    { key: 'perSecond', unit: 'orders/s', suffix: '', target: TARGET.ratio },
    { key: 'p50', unit: 'ms', suffix: ', p50', target: null },
    { key: 'p99', unit: 'ms', suffix: ', p99', target: null },
    { key: 'cpu', unit: 'ms', suffix: ', processor time per order', target: null },
  ] as const;
  const ours = [
    { name: 'service', label: 'service and transaction' },
    { name: 'http', label: 'POST /orders' },
  ] as const;
  return ours.flatMap(({ name, label }) =>
    kinds.map(({ key, unit, suffix, target }) =>
      toFigure({
        figure: `place-order, ${label}, ${inFlight} in flight${suffix}`,
        unit,
        target,
        rounds: scores.map((round) => ({ ours: round[name]?.[key] ?? 0, baseline: round['plain']?.[key] ?? 0 })),
      }),
    ),
  );
}

/** Held against fixed numbers, so they say as much about the machine as about us. */
function absoluteFigures(busy: Scores, steady: number[][]): Figure[] {
  return [
    toFigure({
      figure: `place-order, POST /orders, rate against ${TARGET.perSecond}/s`,
      unit: 'orders/s',
      target: 1,
      rounds: busy.map((round) => ({ ours: round['http']?.perSecond ?? 0, baseline: TARGET.perSecond })),
    }),
    toFigure({
      figure: `place-order, POST /orders, p99 at 70 % of its rate against ${TARGET.p99Ms} ms`,
      unit: 'ms',
      target: 1,
      rounds: steady.map((latencies) => ({ ours: quantile(latencies, 0.99), baseline: TARGET.p99Ms })),
    }),
  ];
}
