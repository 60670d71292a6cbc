import { clearFaults, releaseWebhooks, setFaults } from '../local-cloud/control-client.ts';
import { startLoad } from './load.ts';
import { countJobs } from './rest.ts';
import { retryDeadLetters } from './retry-dead-letters.ts';
import type { Stage } from './stage.ts';
import type { Scenario } from './types.ts';
import { onCall, until } from './watch.ts';

/** Captures of neighbours last longer than the poison needs: they are under way at each kill that they run beside. */
const NEIGHBOUR_MS = 3000;
const KILLS_AFTER_MS = 1500;

export const poisonedJob: Scenario = {
  name: 'R26',
  title: 'a job that kills its process each time it runs',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const poison: Poison = { path: null, kills: 0 };
    poisonFirstCapture(stage, poison);
    const slow = { kind: 'hang_after', method: 'POST', path: '/capture', ms: NEIGHBOUR_MS, times: 10_000 } as const;
    // Else the provider's event tells what the job was to learn, and it is over at once when it runs again.
    const hold = { hold: true, types: ['payment_intent.succeeded'] };
    await setFaults(stage.cloud.stripeUrl, { requests: [slow], webhooks: hold });
    // One worker alone finds everything again that it held, and at the same moment.
    await stage.workers[1].away('SIGTERM');
    const load = startLoad(stage, { inFlight: 4, pauseMs: 3000 });
    const isIsolated = await until(async () => (await countJobs(stage)).failed > 0, isLong ? 1_200_000 : 120_000);
    const { failed } = await countJobs(stage);
    const stalls = await stallsOfNeighbours(stage);
    const neighbours = await capturedAmong(
      stage,
      load.journal.entries.map(({ job }) => job.userId),
    );
    for (const { provider } of stage.workers) provider.watch(null);
    await clearFaults(stage.cloud.stripeUrl);
    await releaseWebhooks(stage.cloud.stripeUrl);
    await stage.workers[1].start();
    await Promise.all(stage.workers.map((worker) => worker.ready()));
    // The fault is mended; an operator puts the job back.
    await retryDeadLetters(stage);
    load.journal.healedAtMs = performance.now();
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `1 job that killed the only worker ${poison.kills} times`,
      notes: [
        `${failed} dead-lettered, ${neighbours} neighbours were captured meanwhile`,
        `${stalls.length} jobs beside it were hit, each ${Math.max(0, ...stalls)} times at most`,
      ],
      violations: [
        ...(isIsolated ? [] : ['the job was never isolated']),
        ...(failed > 1 ? [`${failed - 1} neighbours were dead-lettered with it`] : []),
        ...(neighbours === 0 ? ['no neighbour ran'] : []),
        ...(stalls.length === 0 ? ['nobody was beside it at a kill'] : []),
      ],
    };
  },
};

interface Poison {
  path: string | null;
  kills: number;
}

/** Before the call leaves: nothing is done, and nothing ever will be. */
function poisonFirstCapture({ workers }: Stage, poison: Poison): void {
  for (const worker of workers) {
    const asked = (path: string) => {
      poison.path ??= path;
      if (path !== poison.path) return 'pass';
      poison.kills += 1;
      setTimeout(() => worker.signal('SIGKILL'), KILLS_AFTER_MS);
      return 'lose';
    };
    worker.provider.watch(onCall('/capture', { asked }));
  }
}

/** How often each job was found without its worker, but for those that failed for good. */
async function stallsOfNeighbours({ redis: { client } }: Stage): Promise<number[]> {
  const stalls: number[] = [];
  for (const key of await client.keys('{quickbite}:*')) {
    if ((await client.type(key)) !== 'hash') continue;
    const count = await client.hget(key, 'stc');
    const [queue, id] = [key.slice(0, key.lastIndexOf(':')), key.slice(key.lastIndexOf(':') + 1)];
    const isDead = (await client.zscore(`${queue}:failed`, id)) !== null;
    if (count !== null && !isDead) stalls.push(Number(count));
  }
  return stalls;
}

function capturedAmong({ db }: Stage, customerIds: readonly string[]): Promise<number> {
  return db.collection('payments').countDocuments({ customerId: { $in: [...customerIds] }, status: 'captured' });
}
