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

const BATCH = 100;
/** Subjects dispatched at once. Each waits for MongoDB and Redis in turns; more of them would take connections from the jobs. */
const LANES = 8;

/** What the batch is sorted by. */
interface DueRow {
  _id: string;
  event: string;
  payload: { orderId?: unknown };
}

/**
 * Dispatches every due row once, several subjects at a time, the rows of one order one after the other in the order of their promises
 * (as far as one relay goes: another one that is awake may take the next row of an order).
 * @returns how many rows were dispatched
 */
export async function relayDueRows(table: SubscriptionTable): Promise<number> {
  let dispatched = 0;
  while (!isShuttingDown()) {
    const due = await OutboxModel.find(
      { doneAt: null, dueAt: trusted({ $lte: now() }) },
      { event: 1, 'payload.orderId': 1 },
      { sort: { dueAt: 1, _id: 1 }, limit: BATCH },
    ).lean<DueRow[]>();
    if (due.length === 0) return dispatched;
    const subjects = Map.groupBy(due, ({ _id, payload: { orderId } }) => (typeof orderId === 'string' ? orderId : _id));
    const waiting = subjects.values();
    const lane = async () => {
      for (const rows of waiting) for (const row of rows) if (await claimAndDispatch(row, table)) dispatched += 1;
    };
    await allToTheirEnd(Array.from({ length: LANES }, lane));
  }
  return dispatched;
}

/** Nothing runs on behind a pass that failed. @throws what the first lane threw */
async function allToTheirEnd(lanes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * A row is claimed by moving its `dueAt` ahead, so that several relays share the work, and one whose effect is not recorded by then is
 * dispatched again under the same job ids. Its subscribers are named with the claim: before the first effect can be recorded, or the
 * row would be done too early.
 * @returns false where another relay was faster
 */
async function claimAndDispatch({ _id, event }: DueRow, table: SubscriptionTable): Promise<boolean> {
  if (isShuttingDown()) return false;
  const subscriptions = table[event] ?? [];
  const at = now();
  const row = await OutboxModel.findOneAndUpdate(
    { _id, doneAt: null, dueAt: trusted({ $lte: at }) },
    {
      $set: { dueAt: addMs(at, config.worker.outboxRetryMs), subscribers: subscriptions.map(({ name }) => name) },
      $inc: { attempts: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (row === null) return false;
  await runWithStore({ requestId: row.requestId ?? newRequestId() }, () => dispatchRow(row, subscriptions));
  return true;
}

async function dispatchRow(row: OutboxRow, subscriptions: readonly Subscription[]): Promise<void> {
  if (row.attempts === 1) {
    lag.observe(Math.max(0, (now().getTime() - row.createdAt.getTime()) / 1000));
  }
  const open = subscriptions.filter(({ name }) => !row.doneBy.includes(name));
  // Nobody subscribed, or the table has become shorter since.
  if (open.length === 0) await OutboxModel.updateOne({ _id: row._id, doneAt: null }, { $set: { doneAt: now() } });
  for (const subscription of open) {
    try {
      await subscription.dispatch(row, `${row._id}-${subscription.name.replaceAll('.', '-')}`);
      if (subscription.isImmediate) await recordEffect(row._id, subscription.name);
    } catch (error) {
      // The row stays open and comes again.
      reportError(error, { where: `relay ${subscription.name}`, info: { outboxId: row._id } });
    }
  }
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
