import { idFrom } from '../../../src/shared/ids.ts';

const KINDS = {
  ...{
    order: 0xa0,
    payment: 0xa1,
    delivery: 0xa2,
    quote: 0xa3,
    review: 0xa4,
    refund: 0xa5,
    posting: 0x90,
    payable: 0x80,
  },
  ...{ offer: 0xb0, event: 0xc0 },
};

/**
 * Seconds and seed, like `newId` seconds and process: lists go by `_id`, the newest first, so an order of last week must have an id
 * of last week.
 */
export function orderIdOf(at: Date, ...parts: (string | number)[]): string {
  const seconds = Math.floor(at.getTime() / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `${seconds}${KINDS.order.toString(16)}${idFrom(...parts).slice(0, 14)}`;
}

/** The row of an order in another collection; `number`, up to 63, among several. */
export function rowId(kind: Exclude<keyof typeof KINDS, 'order'>, orderId: string, number = 0): string {
  return `${orderId.slice(0, 8)}${(KINDS[kind] + number).toString(16)}${orderId.slice(10)}`;
}
