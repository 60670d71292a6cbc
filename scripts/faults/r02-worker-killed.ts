import { clearFaults, releaseWebhooks, setFaults } from '../local-cloud/control-client.ts';
import { startLoad } from './load.ts';
import type { Stage } from './stage.ts';
import type { Scenario } from './types.ts';
import { onCall, until } from './watch.ts';

/** The same job is hit so often; others once. */
const HITS_OF_ONE = 3;

export const workerKilled: Scenario = {
  name: 'R2',
  title: 'kill -9 of a worker between the effect and its acknowledgement, one job three times',
  recoverySeconds: 60,
  async play(stage, { isLong, say }) {
    const kills = isLong ? 100 : 5;
    const { stripeUrl } = stage.cloud;
    // Else the provider's event tells what the job was to learn, and it does not ask again.
    await setFaults(stripeUrl, { webhooks: { hold: true, types: ['payment_intent.succeeded'] } });
    const hits = killAfterCaptures(stage, kills);
    const load = startLoad(stage, { inFlight: 2, pauseMs: isLong ? 1000 : 200 });
    const isDone = await until(() => sumOf(hits) >= kills, isLong ? 3_600_000 : 120_000);
    load.journal.healedAtMs = performance.now();
    await clearFaults(stripeUrl);
    await releaseWebhooks(stripeUrl);
    await load.stop();
    await load.resolve();
    const most = Math.max(0, ...hits.values());
    say(`R2: ${sumOf(hits)} kills`);
    return {
      journal: load.journal,
      damage: `${sumOf(hits)} × kill -9 of a worker that had captured and did not know it, one job ${most} times`,
      notes: [],
      violations: isDone && most === HITS_OF_ONE ? [] : ['the kills did not come about'],
    };
  },
};

/** Counts by capture. The answer never reaches the worker. */
function killAfterCaptures({ workers }: Stage, kills: number): Map<string, number> {
  const hits = new Map<string, number>();
  for (const worker of workers) {
    const answered = (path: string) => {
      const count = hits.get(path) ?? 0;
      const isChosen = hits.size === 0 || hits.keys().next().value === path;
      const left = isChosen ? HITS_OF_ONE - count : kills - HITS_OF_ONE - hits.size + 1;
      if (left <= 0 || (!isChosen && count > 0)) return 'pass';
      hits.set(path, count + 1);
      worker.signal('SIGKILL');
      return 'cut';
    };
    worker.provider.watch(onCall('/capture', { answered }));
  }
  return hits;
}

function sumOf(hits: ReadonlyMap<string, number>): number {
  return [...hits.values()].reduce((sum, count) => sum + count, 0);
}
