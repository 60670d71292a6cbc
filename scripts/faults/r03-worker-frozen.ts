import { setTimeout as sleep } from 'node:timers/promises';
import { clearFaults, releaseWebhooks, setFaults } from '../local-cloud/control-client.ts';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';
import { onCall, until } from './watch.ts';

export const workerFrozen: Scenario = {
  name: 'R3',
  title: 'a worker frozen with a capture in its hand: its lock is lost and the job runs twice at once',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const seconds = isLong ? 40 : 10;
    const { stripeUrl } = stage.cloud;
    // Else the provider's event tells what the job was to learn, and the other worker does not ask.
    await setFaults(stripeUrl, { webhooks: { hold: true, types: ['payment_intent.succeeded'] } });
    const asks = new Map<string, number>();
    let frozen: string | null = null;
    for (const worker of stage.workers) {
      const asked = (path: string) => {
        asks.set(path, (asks.get(path) ?? 0) + 1);
        return 'pass' as const;
      };
      const answered = (path: string) => {
        if (frozen === null && worker.signal('SIGSTOP')) frozen = path;
        return 'pass' as const;
      };
      worker.provider.watch(onCall('/capture', { asked, answered }));
    }
    const load = startLoad(stage, { inFlight: 3 });
    const isFrozen = await until(() => frozen !== null, 120_000);
    await sleep(seconds * 1000);
    const asksOfFrozen = asks.get(String(frozen)) ?? 0;
    for (const worker of stage.workers) worker.signal('SIGCONT');
    load.journal.healedAtMs = performance.now();
    await clearFaults(stripeUrl);
    await releaseWebhooks(stripeUrl);
    await load.stop();
    await load.resolve();
    return {
      journal: load.journal,
      damage: `1 worker frozen for ${seconds} s after its capture`,
      notes: [`the other worker asked for the same capture ${asksOfFrozen - 1} times meanwhile`],
      violations: [
        ...(isFrozen ? [] : ['no worker was frozen']),
        ...(asksOfFrozen > 1 ? [] : ['the job did not run twice']),
      ],
    };
  },
};
