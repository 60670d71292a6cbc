import { quantile, toFigure } from '../statistics.ts';
import type { Figure } from '../types.ts';
import type { Company } from './contenders.ts';

/** P7 of bar.md: replays against orders of the same round, and p99 at 70 % of their rate. */
const TARGET = { ratio: 3, p99Ms: 20 };
const ORDERS = 400;
const IN_FLIGHT = 16;
const STEADY_SECONDS = 8;
const STEADY_ROUNDS = 3;

/** Every order of a round is placed, and then asked for again under its key, over HTTP both. */
export async function measureReplays(company: Company, rounds: number): Promise<Figure[]> {
  const rates: { ours: number; baseline: number }[] = [];
  const tails: { ours: number; baseline: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const jobs = await company.prepare(ORDERS);
    const placed = await company.run('http', { jobs, inFlight: IN_FLIGHT });
    const replayed = await company.run('http', { jobs, inFlight: IN_FLIGHT, isReplay: true });
    const perSecond = ORDERS / replayed.seconds;
    rates.push({ ours: perSecond, baseline: ORDERS / placed.seconds });
    if (round >= STEADY_ROUNDS) continue;
    const count = Math.ceil(0.7 * perSecond * STEADY_SECONDS);
    const again = Array.from({ length: count }, (_, index) => jobs[index % ORDERS] ?? jobs[0]).flatMap(
      (job) => job ?? [],
    );
    const steady = await company.run('http', { jobs: again, inFlight: 0, perSecond: 0.7 * perSecond, isReplay: true });
    tails.push({ ours: quantile(steady.latenciesMs, 0.99), baseline: TARGET.p99Ms });
  }
  const name = 'place-order, replay of POST /orders';
  return [
    toFigure({
      figure: `${name}, rate against that of new orders, ${IN_FLIGHT} in flight`,
      unit: 'answers/s',
      target: TARGET.ratio,
      rounds: rates,
    }),
    toFigure({
      figure: `${name}, p99 at 70 % of its rate against ${TARGET.p99Ms} ms`,
      unit: 'ms',
      target: 1,
      rounds: tails,
    }),
  ];
}
