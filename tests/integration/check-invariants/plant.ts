import { newId } from '../../../src/shared/ids.ts';

export interface Row extends Record<string, unknown> {
  _id: string;
}

export interface Plant {
  in: string;
  filter?: object;
  /** An update of the one row. */
  set?: object;
  insert?: Row;
}

interface Given {
  /** Delivered, paid, at rest. */
  order: Row;
  /** Ended before the kitchen had begun. */
  refused: Row;
  now: Date;
  /** Ten days ago. */
  past: Date;
}

export interface Planted {
  plants: (given: Given) => Plant[];
  /** What cannot hold either, when this does not. */
  alsoBreaks?: readonly string[];
  /** What would keep it from happening: taken away for the moment. */
  withoutIndex?: { in: string; key: Record<string, 1> };
}

export const REPLAY = 'replay-equals-order';

export const entry = (lines: object[], given: Given, changes: object = {}): Row => ({
  ...{ _id: newId(), kind: 'payout_paid', sourceId: newId(), orderId: null, currency: 'INR', lines },
  ...{ createdAt: given.now, ...changes },
});

export const line = (account: string, amountMinor: number, ownerId: string | null = null) => ({
  account,
  ownerId,
  amountMinor,
});
