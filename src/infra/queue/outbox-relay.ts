import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { isShuttingDown, onShutdown } from '../lifecycle/index.ts';
import { gauge, histogram, reportError, runWithStore } from '../observability/index.ts';
import { redisClients } from '../redis/index.ts';
import { newRequestId } from '../../shared/ids.ts';
import { recordEffect, wakeChannel } from './outbox.ts';
import { OutboxModel, type OutboxRow } from './outbox.model.ts';

/** One reaction to an event. `dispatch` enqueues a job, or (immediate) has its whole effect here. */
export interface Subscription {
  /** Unique per event; part of the job id and of the recorded effect. */
  name: string;
  dispatch: (row: OutboxRow, jobId: string) => Promise<void>;
  /** The effect ends with `dispatch` (a socket message): recorded by the relay itself. */
  isImmediate: boolean;
}

export type SubscriptionTable = Readonly<Record<string, readonly Subscription[]>>;

const lag = histogram(
  { name: 'quickbite_outbox_lag_seconds', help: 'Commit to first dispatch' },
  [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
);
gauge({ name: 'quickbite_outbox_pending', help: 'Outbox rows whose effects are not all recorded' }, async (self) => {
  self.set(await OutboxModel.countDocuments({ doneAt: null }));
});

/**
 * Dispatches every due row once. A row is claimed by moving its `dueAt` ahead, so several relays share the work, and a row whose
 * effect is not recorded by then is dispatched again under the same job ids.
 * @returns how many rows were dispatched
 */
export async function relayDueRows(table: SubscriptionTable): Promise<number> {
  let dispatched = 0;
  while (!isShuttingDown()) {
    const at = now();
    const row = await OutboxModel.findOneAndUpdate(
      { doneAt: null, dueAt: trusted({ $lte: at }) },
      { $set: { dueAt: addMs(at, config.worker.outboxRetryMs) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1, _id: 1 }, returnDocument: 'after' },
    ).lean();
    if (row === null) return dispatched;
    await runWithStore({ requestId: row.requestId ?? newRequestId() }, () => dispatchRow(row, table));
    dispatched += 1;
  }
  return dispatched;
}

async function dispatchRow(row: OutboxRow, table: SubscriptionTable): Promise<void> {
  const subscriptions = table[row.event] ?? [];
  const names = subscriptions.map(({ name }) => name);
  if (row.attempts === 1) {
    lag.observe(Math.max(0, (now().getTime() - row.createdAt.getTime()) / 1000));
  }
  // Before the first effect can be recorded, or the row would be done too early; again where the table has changed since.
  if (row.subscribers.join() !== names.join() || names.length === 0) await nameSubscribers(row, names);
  for (const subscription of subscriptions) {
    if (row.doneBy.includes(subscription.name)) continue;
    try {
      await subscription.dispatch(row, `${row._id}-${subscription.name.replaceAll('.', '-')}`);
      if (subscription.isImmediate) await recordEffect(row._id, subscription.name);
    } catch (error) {
      // The row stays open and comes again.
      reportError(error, { where: `relay ${subscription.name}`, info: { outboxId: row._id } });
    }
  }
}

async function nameSubscribers(row: OutboxRow, names: string[]): Promise<void> {
  const isDone = names.every((name) => row.doneBy.includes(name));
  const set = { subscribers: names, doneAt: isDone ? now() : null };
  await OutboxModel.updateOne({ _id: row._id, doneAt: null }, { $set: set });
}

/** Runs in the worker: at once when woken, at the sweep interval in any case, one pass at a time. */
export async function startOutboxRelay(table: SubscriptionTable): Promise<void> {
  const state: { isStopped: boolean; isWanted: boolean; pass: Promise<void> | null } = {
    isStopped: false,
    isWanted: false,
    pass: null,
  };
  function wake(): void {
    state.isWanted = true;
    if (!state.isStopped) state.pass ??= relayWhileWanted(table, state);
  }

  const { subscriber } = redisClients();
  subscriber.on('message', (channel: string) => {
    if (channel === wakeChannel()) wake();
  });
  // Not awaited for ever: without Redis the sweep does the work until it is back.
  await Promise.race([subscriber.subscribe(wakeChannel()), new Promise((resolve) => setTimeout(resolve, 2000))]);
  const sweep = setInterval(wake, Math.min(config.worker.sweepIntervalMs, config.worker.outboxRetryMs));
  wake();
  onShutdown('intake', 'outbox relay', async () => {
    state.isStopped = true;
    clearInterval(sweep);
    await state.pass;
  });
}

async function relayWhileWanted(
  table: SubscriptionTable,
  state: { isStopped: boolean; isWanted: boolean; pass: Promise<void> | null },
): Promise<void> {
  while (state.isWanted && !state.isStopped) {
    state.isWanted = false;
    await relayDueRows(table).catch((error: unknown) => {
      reportError(error, { where: 'outbox relay' });
    });
  }
  state.pass = null;
}
