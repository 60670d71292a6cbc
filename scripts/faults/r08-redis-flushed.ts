import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../src/shared/clock.ts';
import { placeOnce } from './customer.ts';
import { newEntry, type Entry, type Journal } from './journal.ts';
import { startLoad } from './load.ts';
import type { Stage } from './stage.ts';
import type { Scenario } from './types.ts';
import { until } from './watch.ts';

const UNPAID = 3;
const REBUILT_SECONDS = 60;

export const redisFlushed: Scenario = {
  name: 'R8',
  title: 'FLUSHALL: what was delayed is rebuilt from MongoDB',
  recoverySeconds: 60,
  async play(stage, { isLong }) {
    const flushes = isLong ? 20 : 3;
    const load = startLoad(stage, { inFlight: 4 });
    const unpaid = await placeUnpaid(stage, load.journal);
    await makeDueSoon(stage, unpaid, flushes * 1000);
    for (let count = 0; count < flushes; count += 1) {
      await sleep(1000);
      await stage.redis.client.flushall();
    }
    const startedAt = performance.now();
    load.journal.healedAtMs = startedAt;
    await load.stop();
    await load.resolve();
    const ids = unpaid.map(({ order }) => order?.id ?? '');
    const haveEnded = async () =>
      (await stage.db.collection('orders').countDocuments({ _id: { $in: ids as never[] }, status: 'expired' })) ===
      UNPAID;
    const isRebuilt = await until(haveEnded, REBUILT_SECONDS * 1000);
    load.journal.entries.push(...unpaid);
    return {
      journal: load.journal,
      damage: `${flushes} × FLUSHALL`,
      notes: [
        `T1 of ${UNPAID} orders fired ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the last one`,
      ],
      violations: isRebuilt ? [] : [`T1 did not fire within ${REBUILT_SECONDS} s`],
    };
  },
};

async function placeUnpaid(stage: Stage, journal: Journal): Promise<Entry[]> {
  const entries = (await stage.prepare(UNPAID)).map(newEntry);
  const shop = { urls: stage.apis.map(({ url }) => url), stripeUrl: stage.cloud.stripeUrl, journal };
  for (const entry of entries) await placeOnce(shop, entry);
  return entries;
}

/** The alarm in Redis rings in a quarter of an hour: the row alone knows better. */
async function makeDueSoon({ db }: Stage, unpaid: readonly Entry[], inMs: number): Promise<void> {
  const subjectId = { $in: unpaid.map(({ order }) => order?.id) };
  const dueAt = new Date(now().getTime() + inMs);
  await db.collection('timers').updateMany({ subjectId }, { $set: { dueAt } });
}
