import { setTimeout as sleep } from 'node:timers/promises';
import { auditJournal, type Audit } from './audit.ts';
import { judgeDomain } from './domain.ts';
import { untilAtRest } from './rest.ts';
import type { Stage } from './stage.ts';
import type { Done, FaultOptions, Scenario } from './types.ts';

export interface Outcome {
  name: string;
  title: string;
  damage: string;
  audit: Audit;
  recoverySeconds: number;
  notes: string[];
  /** Sentences; empty: passed. */
  violations: string[];
}

const MOST_WAIT_MS = 120_000;
const MOST_LOOKS = 3;

/** Plays it, waits until everything is at rest, and checks. */
export async function runScenario(stage: Stage, scenario: Scenario, options: FaultOptions): Promise<Outcome> {
  await stage.restore();
  const done = await scenario.play(stage, options);
  await stage.restore();
  options.say(`answers: ${histogramOf(done)}`);
  const { rest, audit, domain } = await lookAtRest(stage, scenario, done);
  const { name, title } = scenario;
  return {
    ...{ name, title, damage: done.damage, audit, notes: done.notes, recoverySeconds: rest.seconds },
    violations: [
      ...judgeRecovery(scenario, rest),
      ...judgeLoad(done),
      ...done.violations,
      ...audit.violations,
      ...domain,
    ],
  };
}

interface Look {
  rest: Rest;
  audit: Audit;
  domain: string[];
}

/** What is wrong stays wrong; an alarm that rings between two reads of one look does not. The last look counts, and so does its rest. */
async function lookAtRest(stage: Stage, scenario: Scenario, { journal, plannedDeadLetters = 0 }: Done): Promise<Look> {
  const customerIds = journal.entries.map(({ job }) => job.userId);
  const timeoutMs = Math.max(MOST_WAIT_MS, scenario.recoverySeconds * 1000);
  for (let looks = 1; ; looks += 1) {
    const restless = await untilAtRest(stage, { customerIds, timeoutMs });
    const rest: Rest = { seconds: (performance.now() - journal.healedAtMs) / 1000, restless };
    const audit = await auditJournal(stage, journal, { plannedDeadLetters });
    const found = await judgeDomain(stage);
    const domain = restless.length === 0 ? found : found.map((problem) => `while rows moved: ${problem}`);
    const isSound = audit.violations.length + domain.length === 0;
    if (isSound || restless.length > 0 || looks === MOST_LOOKS) return { rest, audit, domain };
    await sleep(1000);
  }
}

interface Rest {
  /** Since everything was whole again. */
  seconds: number;
  /** What was still under way when the time was up. */
  restless: string[];
}

function judgeRecovery(scenario: Scenario, { seconds, restless }: Rest): string[] {
  if (restless.length > 0) return [`not at rest after ${seconds.toFixed(0)} s: ${restless.join(', ')}`];
  if (seconds <= scenario.recoverySeconds) return [];
  return [`at rest after ${seconds.toFixed(0)} s, ${scenario.recoverySeconds} s are allowed`];
}

/** A scenario in which nobody ordered has shown nothing. */
function judgeLoad({ journal }: Done): string[] {
  return journal.entries.some(({ outcome }) => outcome === 'ok') ? [] : ['nobody ordered anything'];
}

/** Of status 0 and -1 are those without an answer. */
function histogramOf({ journal: { answers } }: Done): string {
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  return [...byStatus].map(([status, all]) => `${all.length} × ${status} within ${slowestOf(all)} s`).join(', ');
}

function slowestOf(answers: Done['journal']['answers']): string {
  return (Math.max(...answers.map(({ ms }) => ms)) / 1000).toFixed(1);
}
