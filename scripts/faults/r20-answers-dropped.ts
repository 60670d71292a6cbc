import { randomInt } from 'node:crypto';
import { quantile } from '../bench/statistics.ts';
import { placeOnce } from './customer.ts';
import type { Journal } from './journal.ts';
import { startLoad } from './load.ts';
import type { Stage } from './stage.ts';
import type { Watcher } from './tcp-proxy.ts';
import type { Scenario } from './types.ts';

const DROPPED_PERCENT = 30;

export const answersDropped: Scenario = {
  name: 'R20',
  title: 'a proxy drops three of ten answers after the commit; clients try five times, at either API',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const dropped = { count: 0 };
    for (const { front } of stage.apis) front.watch(() => drop(dropped));
    // Two workers keep up with so many; at full pace the run would end in a backlog (docs/faults.md).
    const much = isLong ? { orders: 600, pauseMs: 1000 } : { orders: 80, pauseMs: 0 };
    const load = startLoad(stage, { inFlight: 6, isProxied: true, ...much });
    await load.done;
    for (const { front } of stage.apis) front.watch(null);
    load.journal.healedAtMs = performance.now();
    await load.resolve();
    const replays = await replayAll(stage, load.journal);
    return {
      journal: load.journal,
      damage: `${dropped.count} answers dropped, half of them by an end in order`,
      notes: [`${replays.length} replays, p99 ${quantile(replays, 0.99).toFixed(0)} ms`],
      violations: dropped.count > 0 ? [] : ['nothing was dropped'],
    };
  },
};

/** Only what is the beginning of an answer of success: by then it is committed. */
function drop(dropped: { count: number }): Watcher {
  return {
    onAnswer(piece) {
      if (!/^HTTP\/1\.1 20[01]/.test(piece.toString('latin1', 0, 20)) || randomInt(100) >= DROPPED_PERCENT)
        return 'pass';
      dropped.count += 1;
      return dropped.count % 2 === 0 ? 'half_close' : 'cut';
    },
  };
}

/** Once more at each API, with nobody in the way. @returns how long the replays took */
async function replayAll(stage: Stage, journal: Journal): Promise<number[]> {
  const from = performance.now();
  const shop = { urls: stage.apis.map(({ url }) => url), stripeUrl: stage.cloud.stripeUrl, journal };
  for (const entry of journal.entries.slice(0, 200)) {
    for (const _api of stage.apis) await placeOnce(shop, entry);
  }
  return journal.answers.filter(({ atMs, isReplay }) => atMs >= from && isReplay).map(({ ms }) => ms);
}
