import { setTimeout as sleep } from 'node:timers/promises';
import { insertUsers } from '../bench-users.ts';
import { postJson } from '../post-json.ts';
import { onStage, type RunningApi, type Stage } from '../stage.ts';
import { quantile, toFigure } from '../statistics.ts';
import type { Bench, BenchOptions, BenchReport } from '../types.ts';
import { signedRankTest } from './signed-rank.ts';

/** Case 10 of bar.md: the same question about somebody who is here and somebody who is not, one right after the other. */
const PAIRS = 200;
const WARM_UPS = 20;
/** Apart, so that neither waits for what the other left in a queue. */
const PAUSE_MS = 5;

interface Question {
  name: string;
  status: number;
  path: string;
  bodyFor: (email: string) => object;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'log-in with a wrong password',
    status: 401,
    path: '/auth/login',
    bodyFor: (email) => ({ email, password: 'not the password' }),
  },
  { name: 'forgotten password', status: 202, path: '/auth/password/forgot', bodyFor: (email) => ({ email }) },
  {
    name: 'code by mail',
    status: 202,
    path: '/auth/otp/request',
    bodyFor: (email) => ({ channel: 'email', email }),
  },
];

export const enumerationBench: Bench = {
  name: 'enumeration',
  title: 'enumeration: does the time of an answer tell who has an account?',
  run: (options) => onStage(import.meta.dirname, options.say, (stage) => measure(stage, options)),
};

interface Pair {
  known: number;
  unknown: number;
}

async function measure(stage: Stage, { say }: BenchOptions): Promise<BenchReport> {
  const api = await stage.startApi();
  const known = await insertUsers(stage.client, PAIRS + WARM_UPS);
  const figures = [];
  const notes = [];
  for (const question of QUESTIONS) {
    say(question.name);
    const pairs = await askInPairs(api, question, known);
    const { z, p } = signedRankTest(pairs.map((pair) => pair.known - pair.unknown));
    figures.push(
      toFigure({
        figure: `enumeration, ${question.name}: an account against none`,
        ...{ unit: 'ms', target: null },
        rounds: [{ ours: quantile(of(pairs, 'known'), 0.5), baseline: quantile(of(pairs, 'unknown'), 0.5) }],
      }),
    );
    notes.push(`- ${question.name}: ${verdict(p)} (z = ${z.toFixed(2)}, p = ${p.toFixed(3)})`);
  }
  const explanation = `Wilcoxon's signed-rank test over ${PAIRS} interleaved pairs, two-sided: a p below 0.01 would say that the times differ.`;
  return { figures, notes: [explanation, notes.join('\n')], facts: [`${PAIRS} pairs`] };
}

function verdict(p: number): string {
  return p < 0.01 ? 'the times DIFFER' : 'no difference found';
}

async function askInPairs(api: RunningApi, question: Question, known: readonly string[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const [index, email] of known.entries()) {
    const stranger = email.replace('bench-', 'stranger-');
    // Who is asked about first takes turns, or the order would be measured.
    const first = index % 2 === 0 ? email : stranger;
    const firstMs = await ask(api, question, first);
    const secondMs = await ask(api, question, first === email ? stranger : email);
    const pair = first === email ? { known: firstMs, unknown: secondMs } : { known: secondMs, unknown: firstMs };
    if (index >= WARM_UPS) pairs.push(pair);
  }
  return pairs;
}

async function ask(api: RunningApi, { path, bodyFor, status, name }: Question, email: string): Promise<number> {
  await sleep(PAUSE_MS);
  const startedAt = performance.now();
  const answer = await postJson(`${api.url}/api/v1${path}`, bodyFor(email));
  const tookMs = performance.now() - startedAt;
  if (answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return tookMs;
}

function of(pairs: readonly Pair[], side: keyof Pair): number[] {
  return pairs.map((pair) => pair[side]);
}
