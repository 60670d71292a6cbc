import { startLoad } from './load.ts';
import { countJobs } from './rest.ts';
import { retryDeadLetters } from './retry-dead-letters.ts';
import type { Stage } from './stage.ts';
import type { Scenario } from './types.ts';
import { onCall, until } from './watch.ts';

export const poisonedJob: Scenario = {
  name: 'R26',
  title: 'a job that kills its process each time it runs',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const poison: Poison = { path: null, kills: 0 };
    poisonFirstCapture(stage, poison);
    const load = startLoad(stage, { inFlight: 2 });
    const isIsolated = await until(async () => (await countJobs(stage)).failed > 0, isLong ? 1_200_000 : 120_000);
    const { failed } = await countJobs(stage);
    const neighbours = await capturedAmong(
      stage,
      load.journal.entries.map(({ job }) => job.userId),
    );
    for (const { provider } of stage.workers) provider.watch(null);
    await Promise.all(stage.workers.map((worker) => worker.ready()));
    // The fault is mended; an operator puts the job back.
    await retryDeadLetters(stage);
    load.journal.healedAtMs = performance.now();
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `1 job that killed its worker ${poison.kills} times`,
      notes: [`${failed} dead-lettered, ${neighbours} neighbours were captured meanwhile`],
      violations: [
        ...(isIsolated ? [] : ['the job was never isolated']),
        ...(failed > 1 ? [`${failed - 1} neighbours were dead-lettered with it`] : []),
        ...(neighbours === 0 ? ['no neighbour ran'] : []),
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
      worker.signal('SIGKILL');
      return 'cut';
    };
    worker.provider.watch(onCall('/capture', { asked }));
  }
}

function capturedAmong({ db }: Stage, customerIds: readonly string[]): Promise<number> {
  return db.collection('payments').countDocuments({ customerId: { $in: [...customerIds] }, status: 'captured' });
}
