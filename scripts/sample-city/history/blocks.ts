import type { Profile } from '../generate-city.ts';

/** A part of the history, drawn on its own: a longer history adds blocks and changes none. */
export interface Block {
  name: Profile;
  orders: number;
  /** Days before the anchor. */
  fromDay: number;
  toDay: number;
}

/** domain.md section 6: 200, 6,000 and 200,000 orders in all. What `load` adds lies in the year before. */
export const BLOCKS: readonly Block[] = [
  { name: 'tiny', orders: 200, fromDay: 30, toDay: 0 },
  { name: 'demo', orders: 5_800, fromDay: 30, toDay: 0 },
  { name: 'load', orders: 194_000, fromDay: 395, toDay: 30 },
];

/** The couriers of `tiny` drive for its block alone, so that no courier is at two doors at once. */
export const TINY_COURIERS = 10;

export function blocksOf(profile: Profile): Block[] {
  return BLOCKS.slice(0, BLOCKS.findIndex(({ name }) => name === profile) + 1);
}
