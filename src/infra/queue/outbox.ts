import { newId } from '../../shared/ids.ts';
import { now } from '../../shared/clock.ts';
import { afterCommit, type Tx } from '../mongo/with-transaction.ts';
import { currentStore } from '../observability/index.ts';
import { redisClients, redisKey } from '../redis/index.ts';
import { OutboxModel, type OutboxRow } from './outbox.model.ts';

interface OutboxMessage {
  event: string;
  payload: Record<string, unknown>;
}

export function wakeChannel(): string {
  return redisKey('outbox', 'wake');
}

/** Promises `messages` in the caller's transaction; the relay is woken after the commit, and sweeps if the wake-up is lost. */
export async function appendOutbox(tx: Tx, messages: OutboxMessage[]): Promise<void> {
  const createdAt = now();
  const requestId = currentStore()?.requestId ?? null;
  const rows: OutboxRow[] = messages.map(({ event, payload }) => ({
    _id: newId(),
    event,
    payload,
    requestId,
    createdAt,
    dueAt: createdAt,
    attempts: 0,
    subscribers: [],
    doneBy: [],
    doneAt: null,
  }));
  await OutboxModel.collection.insertMany(rows as never[], { session: tx });
  afterCommit(tx, wakeRelay);
}

export async function hasEffect(outboxId: string, subscriber: string): Promise<boolean> {
  return (await OutboxModel.exists({ _id: outboxId, doneBy: subscriber })) !== null;
}

/** Records that `subscriber` has had its effect; the row is done when all have. */
export async function recordEffect(outboxId: string, subscriber: string): Promise<void> {
  await OutboxModel.collection.updateOne({ _id: outboxId as never }, [
    { $set: { doneBy: { $setUnion: ['$doneBy', [subscriber]] } } },
    { $set: { doneAt: { $cond: [{ $setIsSubset: ['$subscribers', '$doneBy'] }, now(), null] } } },
  ]);
}

async function wakeRelay(): Promise<void> {
  // A lost wake-up costs one sweep interval, so a Redis that is away is no error here.
  await redisClients()
    .producer.publish(wakeChannel(), '1')
    .catch(() => 0);
}
