import { quantile } from './statistics.ts';

/** How one contender did in one round. */
export interface Sample {
  seconds: number;
  latenciesMs: number[];
}

/** With the processor time that the contender's own side took: the one measure that other load on the machine hardly moves. */
export interface MeteredSample extends Sample {
  cpuMs: number;
}

export interface Contender {
  name: string;
  /** Everything that is not to be timed happens before the clock of the sample starts. */
  run(load: Load): Promise<MeteredSample>;
}

export interface Load {
  inFlight: number;
  /** Units of work in one round. */
  count: number;
}

export interface Score {
  perSecond: number;
  p50: number;
  p99: number;
  /** Processor time per unit of work, in milliseconds. */
  cpu: number;
}

/** By round, then by contender. */
export type Scores = Record<string, Score>[];

/**
 * A B C, B C A, C A B, …: in every round each contender once, so that all meet the same noise, and each in every place, so that
 * none profits from its predecessor.
 */
export async function interleave(contenders: readonly Contender[], load: Load, rounds: number): Promise<Scores> {
  const scores: Scores = [];
  for (let round = 0; round < rounds; round += 1) {
    const score: Record<string, Score> = {};
    const shift = round % contenders.length;
    for (const contender of [...contenders.slice(shift), ...contenders.slice(0, shift)]) {
      score[contender.name] = toScore(await contender.run(load));
    }
    scores.push(score);
  }
  return scores;
}

function toScore({ seconds, latenciesMs, cpuMs }: MeteredSample): Score {
  return {
    perSecond: latenciesMs.length / seconds,
    p50: quantile(latenciesMs, 0.5),
    p99: quantile(latenciesMs, 0.99),
    cpu: cpuMs / latenciesMs.length,
  };
}
