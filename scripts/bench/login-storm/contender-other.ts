/** Somebody who browses meanwhile: another route at a fixed rate, open loop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../child.ts';
import { get } from '../post-json.ts';

const EVERY_MS = 40;
let url = '';
let isBrowsing = false;
let latenciesMs: number[] = [];
let browsing = Promise.resolve();

async function browse(): Promise<void> {
  const calls: Promise<void>[] = [];
  while (isBrowsing) {
    const startedAt = performance.now();
    calls.push(
      get(`${url}/api/v1/restaurants?limit=5`).then(({ status }) => {
        if (status !== 200) throw new Error(`GET /restaurants answered ${status}`);
        latenciesMs.push(performance.now() - startedAt);
      }),
    );
    await sleep(EVERY_MS);
  }
  await Promise.all(calls);
}

serve({
  open: (target: { url: string }) => {
    ({ url } = target);
    return Promise.resolve();
  },
  begin: () => {
    isBrowsing = true;
    latenciesMs = [];
    browsing = browse();
    return Promise.resolve();
  },
  end: async () => {
    isBrowsing = false;
    await browsing;
    return latenciesMs;
  },
});
