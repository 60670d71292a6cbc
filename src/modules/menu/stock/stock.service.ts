import { AppError } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { MenuItemModel } from '../menu-item.model.ts';
import { StockClaimModel, type StockClaimRow } from './stock-claim.model.ts';

interface Wanted {
  orderId: string;
  restaurantId: string;
  lines: readonly { itemId: string; quantity: number }[];
  /** As read before the transaction: those that nobody counts cost no command. */
  items: readonly { id: string; stock: number | null }[];
}

/**
 * Takes what an order needs of the dishes that are counted, in the order's transaction: each by one conditional update, so that none
 * falls below zero whoever else orders. The count moves and not the item's version: a sale must not turn away who edits the dish.
 * @throws AppError `out_of_stock`, naming every line of what there is too little of
 */
export async function claimStock(tx: Tx, wanted: Wanted): Promise<void> {
  const { orderId, restaurantId, lines } = wanted;
  const { taken, short } = await takeCounted(tx, wanted);
  if (short.size > 0) throw outOfStock(lines, short);
  if (taken.length === 0) return;
  const claim: StockClaimRow = { _id: orderId, restaurantId, items: taken, createdAt: now(), returnedAt: null };
  await StockClaimModel.collection.insertOne(claim as never, { session: tx });
}

/**
 * The same for what an order that is there already takes more, in the transaction that changes it. Who is told that there is too
 * little of a dish, by its id, must not commit.
 */
export async function claimMoreStock(tx: Tx, wanted: Wanted): Promise<ReadonlySet<string>> {
  const { orderId, restaurantId } = wanted;
  const { taken, short } = await takeCounted(tx, wanted);
  if (short.size > 0 || taken.length === 0) return short;
  const held = await StockClaimModel.findById(orderId).session(tx).lean<StockClaimRow>();
  await StockClaimModel.collection.updateOne(
    { _id: orderId as never },
    {
      $set: { items: totalsOf([...(held?.items ?? []), ...taken]) },
      $setOnInsert: { restaurantId, createdAt: now(), returnedAt: null },
    },
    { upsert: true, session: tx },
  );
  return short;
}

interface Kept {
  orderId: string;
  /** All that the order still needs. */
  lines: readonly { itemId: string; quantity: number }[];
  /** Dishes that have run out whatever their counts say: giving them back would sell them again. */
  lost?: ReadonlySet<string>;
}

/** An order holds no more than it needs; what it held beyond that is sold to others. Repeating it changes nothing. */
export async function keepStock(tx: Tx, { orderId, lines, lost = new Set() }: Kept): Promise<void> {
  const claim = await StockClaimModel.findOne({ _id: orderId, returnedAt: null }).session(tx).lean<StockClaimRow>();
  if (claim === null) return;
  const needed = new Map(totalsOf(lines).map(({ itemId, quantity }) => [itemId, quantity]));
  const split = claim.items.map(({ itemId, quantity }) => {
    const kept = Math.min(quantity, needed.get(itemId) ?? 0);
    return { itemId, kept, spare: quantity - kept };
  });
  if (split.every(({ spare }) => spare === 0)) return;
  const items = split.flatMap(({ itemId, kept: quantity }) => (quantity === 0 ? [] : [{ itemId, quantity }]));
  await StockClaimModel.collection.updateOne({ _id: orderId as never }, { $set: { items } }, { session: tx });
  for (const { itemId, spare } of split) if (spare > 0 && !lost.has(itemId)) await giveBack(tx, itemId, spare);
}

/** Once, whatever comes twice: the claim's row is closed in the transaction that counts back. Without a claim nothing happens. */
export async function returnStock(orderId: string): Promise<void> {
  await withTransaction(async (tx) => {
    const claim = await StockClaimModel.collection.findOneAndUpdate(
      { _id: orderId as never, returnedAt: null },
      { $set: { returnedAt: now() } },
      { session: tx },
    );
    if (claim === null) return;
    for (const { itemId, quantity } of (claim as unknown as StockClaimRow).items) await giveBack(tx, itemId, quantity);
  });
}

interface Taken {
  taken: StockClaimRow['items'];
  /** Dishes of which there are fewer left. */
  short: ReadonlySet<string>;
}

async function takeCounted(tx: Tx, { restaurantId, lines, items }: Wanted): Promise<Taken> {
  const counted = new Set(items.filter(({ stock }) => stock !== null).map(({ id }) => id));
  const taken = totalsOf(lines.filter(({ itemId }) => counted.has(itemId)));
  const short = new Set<string>();
  // In the order of the ids: two orders of the same dishes then wait for each other instead of both turning back.
  for (const { itemId, quantity } of taken) {
    if (!(await takeStock(tx, { itemId, restaurantId, quantity }))) short.add(itemId);
  }
  return { taken, short };
}

async function giveBack(tx: Tx, itemId: string, quantity: number): Promise<void> {
  await MenuItemModel.collection.updateOne(countedItem(itemId), { $inc: { stock: quantity } }, { session: tx });
}

/** False: there are fewer left. A dish that is counted no longer has enough. */
async function takeStock(
  tx: Tx,
  { itemId, restaurantId, quantity }: { itemId: string; restaurantId: string; quantity: number },
): Promise<boolean> {
  const taken = await MenuItemModel.collection.updateOne(
    { _id: itemId as never, restaurantId, stock: { $gte: quantity } },
    { $inc: { stock: -quantity } },
    { session: tx },
  );
  if (taken.matchedCount === 1) return true;
  const uncounted = await MenuItemModel.collection.findOne(
    { _id: itemId as never, restaurantId, stock: null },
    { session: tx, projection: { _id: 1 } },
  );
  return uncounted !== null;
}

/** Nobody counts back to a dish that is counted no longer. */
export function countedItem(itemId: string) {
  return { _id: itemId as never, stock: { $type: 'number' as const } };
}

function totalsOf(lines: Wanted['lines']): { itemId: string; quantity: number }[] {
  const byItem = Map.groupBy(lines, ({ itemId }) => itemId);
  return [...byItem]
    .map(([itemId, own]) => ({ itemId, quantity: own.reduce((sum, { quantity }) => sum + quantity, 0) }))
    .sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
}

function outOfStock(lines: Wanted['lines'], short: ReadonlySet<string>): AppError<'out_of_stock'> {
  const details = lines.flatMap(({ itemId }, index) =>
    short.has(itemId)
      ? [{ path: `lines.${index}.quantity`, code: 'out_of_stock', message: 'There are not as many left.' }]
      : [],
  );
  return new AppError('out_of_stock', { details });
}
