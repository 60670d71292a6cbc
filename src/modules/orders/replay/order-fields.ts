import type { OrderRecord } from '../order.model.ts';

/**
 * What becomes of each field of an order; a new field needs its line here.
 * `agreed`: part of the contract, written once and covered by the quote's signature; where it was deleted with its person, it is not
 * missed. `lived`: changes with events, and each change stands in its event. `counted`: follows from how many events there are.
 * `unlogged`: never in the log, since it opens a door.
 */
const FIELDS = {
  _id: 'agreed',
  number: 'agreed',
  customerId: 'agreed',
  restaurantId: 'agreed',
  ownerId: 'agreed',
  paymentId: 'agreed',
  quoteId: 'agreed',
  currency: 'agreed',
  restaurant: 'agreed',
  mode: 'agreed',
  slot: 'agreed',
  releaseAt: 'agreed',
  deliveryAddress: 'agreed',
  distanceMeters: 'agreed',
  paymentMethod: 'agreed',
  coupon: 'agreed',
  replacement: 'agreed',
  commissionBasisPoints: 'agreed',
  notes: 'agreed',
  promisedAt: 'agreed',
  createdAt: 'agreed',
  items: 'lived',
  pricing: 'lived',
  status: 'lived',
  courierId: 'lived',
  amountDueMinor: 'lived',
  amountRefundedMinor: 'lived',
  tippedMinor: 'lived',
  liableParty: 'lived',
  collectUntil: 'lived',
  courierFeeMinor: 'lived',
  payAgainUntil: 'lived',
  paymentStatus: 'lived',
  deliveryStatus: 'lived',
  reason: 'lived',
  prepMinutes: 'lived',
  acceptedAt: 'lived',
  readyEta: 'lived',
  delays: 'lived',
  delayedMinutes: 'lived',
  openAmendmentId: 'lived',
  amendments: 'lived',
  placedAt: 'lived',
  endedAt: 'lived',
  version: 'counted',
  eventSeq: 'counted',
  updatedAt: 'counted',
  collectionCode: 'unlogged',
  collectionTries: 'unlogged',
} as const satisfies Record<keyof OrderRecord, 'agreed' | 'lived' | 'counted' | 'unlogged'>;

type FieldOf<Kind> = { [K in keyof typeof FIELDS]: (typeof FIELDS)[K] extends Kind ? K : never }[keyof typeof FIELDS];
export type LivedField = FieldOf<'lived'>;
export type Lived = Pick<OrderRecord, LivedField>;

export const LIVED_FIELDS = (Object.keys(FIELDS) as (keyof OrderRecord)[]).filter(
  (field): field is LivedField => FIELDS[field] === 'lived',
);

/** Agreed first, and only lived when an amendment changes them: the event of the creation does not repeat them. */
export const AMENDABLE_FIELDS: readonly LivedField[] = ['items', 'pricing'];

/** What an event keeps of the fields that it sets. What customers wrote to their dishes is not kept: logs outlive accounts. */
export function changesOf(set: Partial<OrderRecord>): Partial<Lived> {
  const lived = LIVED_FIELDS.filter((field) => set[field] !== undefined);
  const changes: Partial<Lived> = Object.fromEntries(lived.map((field) => [field, set[field]]));
  return changes.items === undefined ? changes : { ...changes, items: withoutNotes(changes.items) };
}

/** The lived fields of an order as it begins. */
export function firstChangesOf(order: OrderRecord): Partial<Lived> {
  const { items: _items, pricing: _pricing, ...changes } = changesOf(order);
  return changes;
}

export function withoutNotes(items: OrderRecord['items']): OrderRecord['items'] {
  return items.map(({ note: _note, ...item }) => item);
}
