import { trusted } from 'mongoose';
import type { Tx } from '../../infra/mongo/index.ts';
import { addMs, dateFrom, now } from '../../shared/clock.ts';
import { kitchenSlotAt, type CountingKitchen, type KitchenSlot, type SlotCounts } from './kitchen-slots.ts';
import {
  KitchenClaimModel,
  KitchenSlotModel,
  type KitchenClaimRow,
  type KitchenSlotRow,
} from './kitchen-slot.model.ts';

interface Kitchen extends CountingKitchen {
  id: string;
}

const LONGEST_SLOT_MS = 3_600_000;
const NONE: SlotCounts = new Map();

/** The counts of one kitchen from the slot at `from` on. No query where nobody counts. */
export async function findSlotCounts(kitchen: Kitchen, from: Date): Promise<SlotCounts> {
  return (await findSlotCountsOf([kitchen], from)).get(kitchen.id) ?? NONE;
}

/** For lists: those of all kitchens that count, in one query; none of them, no query. */
export async function findSlotCountsOf(
  kitchens: readonly Kitchen[],
  from: Date,
): Promise<ReadonlyMap<string, SlotCounts>> {
  const ids = kitchens.filter(({ capacity }) => capacity !== null).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await slotCountsQuery(ids, from).lean<Pick<KitchenSlotRow, 'restaurantId' | 'startAt' | 'taken'>[]>();
  const byRestaurant = Map.groupBy(rows, ({ restaurantId }) => restaurantId);
  return new Map(
    [...byRestaurant].map(([id, slots]) => [id, new Map(slots.map((slot) => [slot.startAt.getTime(), slot.taken]))]),
  );
}

/** Exported for the explain test. */
export function slotCountsQuery(restaurantIds: readonly string[], from: Date) {
  return KitchenSlotModel.find(
    {
      restaurantId: trusted({ $in: [...restaurantIds] }),
      // The slot that holds this instant began before it.
      startAt: trusted({ $gt: addMs(from, -LONGEST_SLOT_MS) }),
    },
    { _id: 0, restaurantId: 1, startAt: 1, taken: 1 },
  ).hint({ restaurantId: 1, startAt: 1 });
}

/**
 * Before the transaction that claims: the slot's row is there, so that a claim is one conditional update and the first two orders of
 * a slot do not both try to insert it.
 */
export async function openKitchenSlot(kitchen: Kitchen, at: Date): Promise<SlotCounts> {
  const slot = kitchenSlotAt(kitchen, at.getTime());
  if (slot === null) return NONE;
  const fresh = { restaurantId: kitchen.id, startAt: dateFrom(slot.startMs), taken: 0 };
  await KitchenSlotModel.collection.updateOne(
    { _id: slotId(kitchen, slot) as never },
    { $setOnInsert: fresh },
    { upsert: true },
  );
  return findSlotCounts(kitchen, at);
}

/**
 * A place for one order in the slot at `at`, in the caller's transaction; nothing where nobody counts. Needs `openKitchenSlot`.
 * @returns false: the slot is full
 */
export async function claimKitchenSlot(
  tx: Tx,
  kitchen: Kitchen,
  { orderId, at }: { orderId: string; at: Date },
): Promise<boolean> {
  const slot = kitchenSlotAt(kitchen, at.getTime());
  if (slot === null || kitchen.capacity === null) return true;
  const _id = slotId(kitchen, slot);
  const { matchedCount } = await KitchenSlotModel.collection.updateOne(
    { _id: _id as never, taken: { $lt: kitchen.capacity.maxOrders } },
    { $inc: { taken: 1 } },
    { session: tx },
  );
  if (matchedCount === 0) return false;
  const claim: KitchenClaimRow = { _id: orderId, slotId: _id, startAt: dateFrom(slot.startMs), releasedAt: null };
  await KitchenClaimModel.collection.insertOne(claim as never, { session: tx });
  return true;
}

/** Gives an order's place back, once however often it is asked; nothing where it has none. */
export async function releaseKitchenSlot(tx: Tx, orderId: string): Promise<void> {
  const claim = (await KitchenClaimModel.collection.findOneAndUpdate(
    { _id: orderId as never, releasedAt: null },
    { $set: { releasedAt: now() } },
    { session: tx },
  )) as KitchenClaimRow | null;
  if (claim === null) return;
  await KitchenSlotModel.collection.updateOne(
    { _id: claim.slotId as never, taken: { $gt: 0 } },
    { $inc: { taken: -1 } },
    { session: tx },
  );
}

function slotId({ id }: Kitchen, { startMs }: KitchenSlot): string {
  return `${id}-${startMs}`;
}
