import type { OrderRecord } from '../order.model.ts';

/**
 * What becomes of each field of an order; a new field needs its line here.
 * `logged`: as it began stands in the event of the creation, and each change in its own. `derived`: follows from whose events there are,
 * and how many. `personal`: not kept, since logs outlive accounts. `secret`: never in the log, since it opens a door.
 */
const FIELDS = {
  _id: 'derived',
  number: 'logged',
  customerId: 'logged',
  restaurantId: 'logged',
  ownerId: 'logged',
  paymentId: 'logged',
  quoteId: 'logged',
  currency: 'logged',
  restaurant: 'logged',
  mode: 'logged',
  slot: 'logged',
  releaseAt: 'logged',
  deliveryAddress: 'personal',
  distanceMeters: 'logged',
  paymentMethod: 'logged',
  coupon: 'logged',
  replacement: 'logged',
  commissionBasisPoints: 'logged',
  notes: 'personal',
  promisedAt: 'logged',
  createdAt: 'logged',
  items: 'logged',
  pricing: 'logged',
  status: 'logged',
  courierId: 'logged',
  amountDueMinor: 'logged',
  amountRefundedMinor: 'logged',
  refundedByHandMinor: 'logged',
  disputedMinor: 'logged',
  tippedMinor: 'logged',
  liableParty: 'logged',
  collectUntil: 'logged',
  courierFeeMinor: 'logged',
  payAgainUntil: 'logged',
  paymentStatus: 'logged',
  deliveryStatus: 'logged',
  reason: 'logged',
  prepMinutes: 'logged',
  acceptedAt: 'logged',
  readyEta: 'logged',
  delays: 'logged',
  delayedMinutes: 'logged',
  openAmendmentId: 'logged',
  amendments: 'logged',
  placedAt: 'logged',
  endedAt: 'logged',
  version: 'derived',
  eventSeq: 'derived',
  updatedAt: 'derived',
  collectionCode: 'secret',
  collectionTries: 'secret',
} as const satisfies Record<keyof OrderRecord, 'logged' | 'derived' | 'personal' | 'secret'>;

type LoggedField = {
  [K in keyof typeof FIELDS]: (typeof FIELDS)[K] extends 'logged' ? K : never;
}[keyof typeof FIELDS];
export type Logged = Pick<OrderRecord, LoggedField>;

export const LOGGED_FIELDS = (Object.keys(FIELDS) as (keyof OrderRecord)[]).filter(
  (field): field is LoggedField => FIELDS[field] === 'logged',
);

/** What an event keeps of the fields that it sets; of a new order, all of them. What customers wrote to their dishes is personal, too. */
export function changesOf(set: Partial<OrderRecord>): Partial<Logged> {
  const logged = LOGGED_FIELDS.filter((field) => set[field] !== undefined);
  const changes: Partial<Logged> = Object.fromEntries(logged.map((field) => [field, set[field]]));
  return changes.items === undefined ? changes : { ...changes, items: withoutNotes(changes.items) };
}

export function withoutNotes(items: OrderRecord['items']): OrderRecord['items'] {
  return items.map(({ note: _note, ...item }) => item);
}
