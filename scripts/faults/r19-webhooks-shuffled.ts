import { drainWebhooks, listDeliveries, resendEvent, setFaults } from '../local-cloud/control-client.ts';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';

const COPIES = 50;
const DRAIN_MS = 120_000;

export const webhooksShuffled: Scenario = {
  name: 'R19',
  title: 'each webhook 50 times, shuffled, before our own commit, and all of them again after the end',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const orders = isLong ? 40 : 6;
    const { stripeUrl } = stage.cloud;
    const known = new Set((await listDeliveries(stripeUrl)).map(({ eventId }) => eventId));
    await setFaults(stripeUrl, {
      // The event of a capture comes while our own call still waits for its answer.
      requests: [{ kind: 'hang_after', method: 'POST', path: '/capture', ms: 1500, times: 10_000 }],
      webhooks: { copies: COPIES, reorderWindowMs: 300 },
    });
    const load = startLoad(stage, { inFlight: 3, orders });
    await load.done;
    await load.resolve();
    let drains = 0;
    while (!(await drainWebhooks(stripeUrl, DRAIN_MS)) && drains < (isLong ? 10 : 1)) drains += 1;
    const events = new Set(
      (await listDeliveries(stripeUrl)).map(({ eventId }) => eventId).filter((id) => !known.has(id)),
    );
    const late = [...events].reverse();
    const outcomes: string[] = [];
    for (const eventId of late) outcomes.push(...(await resendEvent(stripeUrl, eventId, 2)));
    load.journal.healedAtMs = performance.now();
    const refused = outcomes.filter((outcome) => outcome !== '200').length;
    return {
      journal: load.journal,
      damage: `${events.size} events × ${COPIES}, newest first, and × 2 after the end`,
      notes: [],
      violations: refused > 0 ? [`${refused} late events were not answered with 200`] : [],
    };
  },
};
