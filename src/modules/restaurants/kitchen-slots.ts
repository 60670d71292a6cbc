import { localDay, localDayNumberAt } from './local-day.ts';

/** How many orders begin in which slot, by its first instant in ms. A slot that is not in it is empty. */
export type SlotCounts = ReadonlyMap<number, number>;

/** Half open, in ms since 1970. */
export interface KitchenSlot {
  startMs: number;
  endMs: number;
}

export interface CountingKitchen {
  timeZone: string;
  capacity: { slotMinutes: number; maxOrders: number } | null;
}

/**
 * The slot that holds this instant; null where nobody counts. Slots are counted from the first instant of the local date, so they
 * lie on the wall clock's round times, and the last one of a day ends with it.
 */
export function kitchenSlotAt({ timeZone, capacity }: CountingKitchen, atMs: number): KitchenSlot | null {
  if (capacity === null) return null;
  const number = localDayNumberAt(timeZone, atMs);
  const dayStartMs = localDay(timeZone, number).startMs;
  const slotMs = capacity.slotMinutes * 60_000;
  const startMs = dayStartMs + Math.floor((atMs - dayStartMs) / slotMs) * slotMs;
  return { startMs, endMs: Math.min(startMs + slotMs, localDay(timeZone, number + 1).startMs) };
}

/** The slot at this instant when it holds as many orders as it may. */
export function fullSlotAt(kitchen: CountingKitchen, atMs: number, taken: SlotCounts): KitchenSlot | null {
  const slot = kitchenSlotAt(kitchen, atMs);
  if (slot === null || kitchen.capacity === null) return null;
  return (taken.get(slot.startMs) ?? 0) >= kitchen.capacity.maxOrders ? slot : null;
}

/** Counts by which the slot at this instant is full. */
export function fullAt(kitchen: CountingKitchen, at: Date): SlotCounts {
  const slot = kitchenSlotAt(kitchen, at.getTime());
  return new Map(slot === null ? [] : [[slot.startMs, Infinity]]);
}
