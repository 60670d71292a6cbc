/**
 * The baseline: the same reads and the same documents on the raw driver, one command per collection in one transaction, at the
 * same concern. No checks, no pricing, no HTTP, no Redis.
 */
import { mongo } from 'mongoose';
import { now } from '../../../src/shared/clock.ts';
import { serve } from '../child.ts';
import { closedLoop } from '../closed-loop.ts';
import { countCommands } from './count-commands.ts';
import type { Job, RunRequest } from './jobs.ts';
import { buildDocuments, type Plain } from './plain-documents.ts';

let client: mongo.MongoClient | null = null;

function opened(): mongo.MongoClient {
  if (client === null) throw new Error('open first');
  return client;
}

function collection(name: string): mongo.Collection<Plain> {
  return opened().db().collection<Plain>(name);
}

async function read({ userId, sessionId, quoteId }: Job) {
  await Promise.all([
    collection('sessions').findOne({ _id: sessionId }),
    collection('users').findOne({ _id: userId }, { projection: { passwordHash: 0, addresses: 0 } }),
  ]);
  const quote = await collection('quotes').findOne({ _id: quoteId, customerId: userId });
  if (quote === null) throw new Error('the quote was not prepared');
  const itemIds = (quote['items'] as { itemId: string }[]).map(({ itemId }) => itemId);
  const [restaurant] = await Promise.all([
    collection('restaurants').findOne({ _id: quote['restaurantId'] as string }),
    collection('menu_items')
      .find({ _id: { $in: itemIds } })
      .toArray(),
  ]);
  if (restaurant === null) throw new Error('the restaurant is gone');
  return { quote, restaurant };
}

async function place(job: Job): Promise<void> {
  const { quote, restaurant } = await read(job);
  const { key, order, event, outbox, timer, payment } = buildDocuments(job, quote, restaurant);
  const at = now();
  await opened().withSession((session) =>
    session.withTransaction(
      async () => {
        await collection('idempotency_keys').insertOne(key, { session });
        await collection('quotes').updateOne(
          { _id: quote._id, customerId: job.userId, usedAt: null, expiresAt: { $gt: at } },
          { $set: { usedAt: at, orderId: order._id } },
          { session },
        );
        await collection('orders').insertOne(order, { session });
        await collection('order_events').insertOne(event, { session });
        await collection('outbox').insertOne(outbox, { session });
        await collection('timers').insertOne(timer, { session });
        await collection('payments').insertOne(payment, { session });
        const emptied = { $set: { lines: [], updatedAt: at }, $inc: { version: 1 } } as object;
        await collection('carts').updateOne({ _id: job.userId }, emptied, { session });
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
    ),
  );
}

serve({
  open: async (target: { uri: string }) => {
    client = await mongo.MongoClient.connect(target.uri, {
      maxPoolSize: 50,
      retryWrites: true,
      writeConcern: { w: 'majority', journal: true },
      readConcernLevel: 'majority',
    });
  },
  cpu: () => Promise.resolve(process.cpuUsage()),
  run: ({ jobs, inFlight }: RunRequest) => closedLoop(jobs, inFlight, place),
  count: ({ jobs }: RunRequest) => countCommands(opened(), () => closedLoop(jobs, 1, place)),
});
