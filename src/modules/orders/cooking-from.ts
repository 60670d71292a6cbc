import { addMs } from '../../shared/clock.ts';
import type { OrderRecord } from './order.model.ts';

/** What an acceptance says about the kitchen. */
export function cookingFrom({ slot }: Pick<OrderRecord, 'slot'>, acceptedAt: Date, prepMinutes: number) {
  return { prepMinutes, acceptedAt, readyEta: readyEtaOf({ slot, acceptedAt }, prepMinutes) };
}

/** Food for a slot is ready in it, however early it was accepted: neither a courier nor its customer comes before. */
export function readyEtaOf(
  { slot, acceptedAt }: Pick<OrderRecord, 'slot'> & { acceptedAt: Date },
  prepMinutes: number,
): Date {
  const readyEta = addMs(acceptedAt, prepMinutes * 60_000);
  return slot !== null && slot.startAt > readyEta ? slot.startAt : readyEta;
}
