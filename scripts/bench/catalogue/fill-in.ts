import { availableParallelism } from 'node:os';
import type { Child } from '../child.ts';
import type { Environment, Stage } from '../stage.ts';

/** The part of the catalogue that one process writes. */
export interface Share {
  from: number;
  to: number;
  /** Of the whole catalogue. */
  restaurants: number;
}

/** What the server examined for so many rows of pages. */
export interface Stats {
  rows: number;
  totalDocsExamined: number;
  totalKeysExamined: number;
}

export interface Filled {
  writingSeconds: number;
  indexingSeconds: number;
  /** Of a page by rating and of one by distance. */
  plans: Record<'rating' | 'near', Stats>;
}

/** The rows by as many processes as there are cores, then the indexes. */
export async function fillIn(stage: Stage, restaurants: number, extra: Environment = {}): Promise<Filled> {
  const seeds = Array.from({ length: availableParallelism() }, () => stage.startContender('seed', extra));
  const share = Math.ceil(restaurants / seeds.length);
  const shares = seeds.map((_, turn): Share => {
    return { from: turn * share, to: Math.min(restaurants, (turn + 1) * share), restaurants };
  });
  const startedAt = performance.now();
  await Promise.all(seeds.map((seed, turn) => seed.call('fill', shares[turn])));
  const filledAt = performance.now();
  const [first] = seeds as [Child, ...Child[]];
  await first.call('index');
  const indexedAt = performance.now();
  const plans = await first.call<Filled['plans']>('explain', { restaurants });
  await Promise.all(seeds.map((seed) => seed.stop()));
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  return { writingSeconds: seconds(startedAt, filledAt), indexingSeconds: seconds(filledAt, indexedAt), plans };
}
