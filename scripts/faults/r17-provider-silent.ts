import { setTimeout as sleep } from 'node:timers/promises';
import { clearFaults, setFaults, type FaultsInput } from '../local-cloud/control-client.ts';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';
import { ageUnresolved } from './watch.ts';

const SLOW_MS = 20_000;

function faultsOf(times: number): FaultsInput {
  const capture = { method: 'POST', path: '/capture' } as const;
  const any = { method: 'POST', path: '/v1/payment_intents' } as const;
  return {
    requests: [
      { kind: 'lose_answer', ...capture, times: 2 * times },
      { kind: 'hang_after', ...capture, ms: SLOW_MS, times },
      { kind: 'fail_after', ...capture, times },
      { kind: 'fail_before', ...any, times: 2 * times },
      { kind: 'lose_answer', ...any, times: 2 * times },
      { kind: 'hang_before', ...any, ms: SLOW_MS, times },
      { kind: 'hang_after', ...any, ms: SLOW_MS, times },
    ],
    // What the provider never tells, only the reconciler can know.
    webhooks: { drop: 2 * times },
  };
}

export const providerSilent: Scenario = {
  name: 'R17',
  title: 'the provider charges and its answer is lost, takes 20 s, answers 500, keeps events to itself',
  recoverySeconds: 600,
  async play(stage, { isLong }) {
    const times = isLong ? 40 : 2;
    const load = startLoad(stage, { inFlight: 6 });
    await setFaults(stage.cloud.stripeUrl, faultsOf(times));
    await sleep(isLong ? 300_000 : 8000);
    await load.stop();
    await clearFaults(stage.cloud.stripeUrl);
    load.journal.healedAtMs = performance.now();
    await load.resolve();
    if (!isLong) await ageUnresolved(stage);
    const aged = isLong ? [] : ['the minute before the reconciler asks was skipped'];
    return {
      journal: load.journal,
      damage: `${4 * times} answers lost, ${3 * times} calls of 20 s, ${3 * times} × 500, ${2 * times} events never sent`,
      notes: aged,
      violations: [],
    };
  },
};
