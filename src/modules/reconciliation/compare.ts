import type { ClearingPosting, LedgerKind } from '../ledger/index.ts';
import type { ProviderMovement } from '../payments/index.ts';

export const DIFFERENCE_TYPES = [
  /** The provider lists it, we have no posting of it. */
  'missing_here',
  /** We have posted it, the provider does not list it. */
  'missing_there',
  'amount',
  'currency',
  /** Nobody of ours made it. */
  'unknown_payment',
  /** Two movements for one posting. */
  'duplicate',
] as const;
export type DifferenceType = (typeof DIFFERENCE_TYPES)[number];

export interface Difference {
  type: DifferenceType;
  movementId: string | null;
  kind: LedgerKind | null;
  sourceId: string | null;
  orderId: string | null;
  currency: string;
  /** In the books; null where there is nothing. */
  amountMinor: number | null;
  /** At the provider; null where there is nothing. */
  providerMinor: number | null;
}

interface Sides {
  movements: readonly ProviderMovement[];
  /** By `keyOf`. */
  postings: ReadonlyMap<string, ClearingPosting>;
  /** Movement that a posting was matched with before, by `keyOf`. */
  matchedBefore: ReadonlyMap<string, string>;
}

interface Comparison {
  matched: ProviderMovement[];
  differences: Difference[];
}

export function keyOf({ kind, sourceId }: { kind: string; sourceId: string }): string {
  return `${kind}/${sourceId}`;
}

/** Each movement against our posting of it, oldest first: of two for one posting the later is the duplicate. Pure. */
export function compareMovements({ movements, postings, matchedBefore }: Sides): Comparison {
  const taken = new Map(matchedBefore);
  const comparison: Comparison = { matched: [], differences: [] };
  const oldestFirst = [...movements].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const movement of oldestFirst) {
    const key = movement.posting === null ? null : keyOf(movement.posting);
    const posting = key === null ? undefined : postings.get(key);
    const type = typeOf(movement, posting, key === null ? undefined : taken.get(key));
    if (type === null) {
      if (key !== null) taken.set(key, movement.movementId);
      comparison.matched.push(movement);
    } else comparison.differences.push(differenceOf(type, movement, posting));
  }
  return comparison;
}

function typeOf(
  movement: ProviderMovement,
  posting: ClearingPosting | undefined,
  takenBy: string | undefined,
): DifferenceType | null {
  if (movement.posting === null) return 'unknown_payment';
  if (posting === undefined) return 'missing_here';
  if (takenBy !== undefined && takenBy !== movement.movementId) return 'duplicate';
  if (posting.currency !== movement.currency) return 'currency';
  return posting.amountMinor === movement.amountMinor ? null : 'amount';
}

function differenceOf(type: DifferenceType, movement: ProviderMovement, posting?: ClearingPosting): Difference {
  const { movementId, currency, amountMinor: providerMinor } = movement;
  const { kind = null, sourceId = null } = movement.posting ?? {};
  const { orderId = null, amountMinor = null } = posting ?? {};
  return { type, movementId, kind, sourceId, orderId, currency, amountMinor, providerMinor };
}

/** Postings that no movement was found for, in any run. */
export function missingThere(
  postings: readonly ClearingPosting[],
  isListed: (posting: ClearingPosting) => boolean,
): Difference[] {
  return postings
    .filter((posting) => posting.amountMinor !== 0 && !isListed(posting))
    .map((posting) => ({ ...posting, type: 'missing_there', movementId: null, providerMinor: null }));
}
