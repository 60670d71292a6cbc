import { setTimeout as sleep } from 'node:timers/promises';
import { randomInt } from 'node:crypto';
import { startLoad } from './load.ts';
import type { Scenario } from './types.ts';

/** A placement takes some tens of milliseconds: the kill falls anywhere between its first byte and a while after its answer. */
const WITHIN_MS = 60;

export const apiKilled: Scenario = {
  name: 'R1',
  title: 'kill -9 of an API at random moments of placement',
  recoverySeconds: 60,
  async play(stage, { isLong, say }) {
    const kills = isLong ? 200 : 4;
    let sent = Promise.withResolvers<string>();
    const load = startLoad(stage, {
      inFlight: 6,
      pauseMs: isLong ? 1000 : 200,
      onSent: (url) => {
        sent.resolve(url);
      },
    });
    for (let count = 0; count < kills; count += 1) {
      // One is there for the customers while the other starts.
      await Promise.all(stage.apis.map((api) => api.ready()));
      sent = Promise.withResolvers<string>();
      const url = await sent.promise;
      await sleep(randomInt(WITHIN_MS));
      stage.apis.find((api) => api.url === url)?.signal('SIGKILL');
      say(`R1: ${count + 1} of ${kills} kills, ${load.journal.entries.length} orders`);
    }
    load.journal.healedAtMs = performance.now();
    await load.stop();
    await load.resolve();
    return { journal: load.journal, damage: `${kills} × kill -9 of an API`, notes: [], violations: [] };
  },
};
