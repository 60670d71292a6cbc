import mongoose, { type mongo } from 'mongoose';
import { DeliveryModel } from '../../../src/modules/deliveries/delivery.model.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { PayableModel } from '../../../src/modules/ledger/payable.model.ts';
import { OfferModel } from '../../../src/modules/deliveries/offer.model.ts';
import { OrderEventModel } from '../../../src/modules/orders/order-event.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { ProviderMatchModel } from '../../../src/modules/reconciliation/provider-match.model.ts';
import { ReviewModel } from '../../../src/modules/reviews/review.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { DEFAULT_SEED } from '../generate-city.ts';
import type { Row, SeedProgress } from '../put-rows.ts';
import { refuseProduction, type SeedOptions, type SeedResult } from '../seed-city.ts';
import { blocksOf, type Block } from './blocks.ts';
import { booksOf } from './books.ts';
import { generateBlock, type PastOrder } from './generate-history.ts';
import { countPast } from './count-past.ts';

const ORDERS_AT_ONCE = 500;
const DUPLICATE_KEY = 11_000;

interface Marker {
  _id: string;
  /** When the history ends. Kept, so that what was interrupted goes on with the same rows. */
  anchor: Date;
  blocks: string[];
}

/**
 * Writes the past of the sample city, which must be there: orders, events, payments, deliveries, offers and reviews, and what
 * follows from them in the restaurants. Blocks that were written are not touched; one that was interrupted is completed.
 * @throws Error in production
 */
export async function seedHistory(options: SeedOptions): Promise<SeedResult> {
  refuseProduction();
  const { profile, seed = DEFAULT_SEED, onProgress } = options;
  const { anchor, blocks } = await marker(seed, options.now ?? now());
  const missing = blocksOf(profile).filter(({ name }) => !blocks.includes(name));
  let written = 0;
  for (const block of missing) {
    written += await writeBlock({ seed, block, anchor, onProgress });
    await markers().updateOne({ _id: markerId(seed) }, { $addToSet: { blocks: block.name } });
  }
  if (missing.length > 0) await countPast(anchor);
  return { isNew: missing.length > 0, written };
}

async function marker(seed: string, anchor: Date): Promise<Marker> {
  const found = await markers().findOneAndUpdate(
    { _id: markerId(seed) },
    { $setOnInsert: { anchor, blocks: [] } },
    { upsert: true, returnDocument: 'after' },
  );
  if (found === null) throw new Error('an upsert finds what it wrote');
  return found;
}

interface BlockToWrite {
  seed: string;
  block: Block;
  anchor: Date;
  onProgress: ((progress: SeedProgress) => void) | undefined;
}

/** While MongoDB writes one batch, the next is made. */
async function writeBlock({ seed, block, anchor, onProgress }: BlockToWrite): Promise<number> {
  let written = 0;
  let done = 0;
  let writing = Promise.resolve(0);
  for (const batch of batches(generateBlock(seed, block, anchor))) {
    written += await writing;
    writing = writeOrders(batch);
    done += batch.length;
    onProgress?.({ collection: `orders (${block.name})`, done, total: block.orders });
  }
  return written + (await writing);
}

function* batches(orders: Generator<PastOrder>): Generator<PastOrder[]> {
  let batch: PastOrder[] = [];
  for (const order of orders) {
    batch.push(order);
    if (batch.length < ORDERS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Orders last: an order that is seen has its rows. */
async function writeOrders(batch: readonly PastOrder[]): Promise<number> {
  const counts = await Promise.all([
    insert(
      OrderEventModel,
      batch.flatMap(({ events }) => events),
    ),
    insert(
      PaymentModel,
      batch.map(({ payment }) => payment),
    ),
    insert(
      DeliveryModel,
      batch.flatMap(({ delivery }) => delivery ?? []),
    ),
    insert(
      OfferModel,
      batch.flatMap(({ offers }) => offers),
    ),
    insert(
      ReviewModel,
      batch.flatMap(({ review }) => review ?? []),
    ),
    insert(
      RefundModel,
      batch.flatMap(({ refund }) => refund ?? []),
    ),
    ...insertBooks(batch.map(booksOf)),
  ]);
  const orders = await insert(
    OrderModel,
    batch.map(({ order }) => order),
  );
  return counts.reduce((sum, count) => sum + count, orders);
}

function insertBooks(books: readonly ReturnType<typeof booksOf>[]): Promise<number>[] {
  return [
    insert(
      { collection: ledgerEntries() },
      books.flatMap(({ entries }) => entries),
    ),
    insert(
      PayableModel,
      books.flatMap(({ payables }) => payables),
    ),
    insert(
      ProviderMatchModel,
      books.flatMap(({ matches }) => matches),
    ),
  ];
}

/** What an interrupted run has written stays. */
async function insert(model: { collection: object }, rows: readonly Row[]): Promise<number> {
  if (rows.length === 0) return 0;
  const collection = model.collection as mongo.Collection<Row>;
  try {
    return (await collection.insertMany([...rows], { ordered: false })).insertedCount;
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || !areDuplicates(error)) throw error;
    return error.insertedCount;
  }
}

function areDuplicates({ writeErrors }: mongo.MongoBulkWriteError): boolean {
  return [writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
}

function markerId(seed: string): string {
  return `${seed}/history`;
}

function markers(): mongo.Collection<Marker> {
  return mongoose.connection.collection<Marker>('sample_city');
}
