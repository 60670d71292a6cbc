import { addMs } from '../../shared/clock.ts';

/** What an acceptance says about the kitchen. */
export function cookingFrom(acceptedAt: Date, prepMinutes: number) {
  return { prepMinutes, acceptedAt, readyEta: addMs(acceptedAt, prepMinutes * 60_000) };
}
