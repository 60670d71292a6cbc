import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../../infra/audit/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { RestaurantSnapshot } from '../restaurants/index.ts';

type Term = keyof RestaurantSnapshot;

interface TermsChange {
  before: RestaurantSnapshot;
  after: RestaurantSnapshot;
  /** What money hangs on, of what the edit may change. */
  terms: readonly Term[];
}

/** Nobody has relied on a draft yet; of anything else it is written down which terms were other ones before. */
export async function auditTerms(tx: Tx, { before, after, terms }: TermsChange): Promise<void> {
  const changed = terms.filter((term) => !isDeepStrictEqual(before[term], after[term]));
  if (before.status === 'draft' || changed.length === 0) return;
  await recordAudit(tx, {
    ...{ event: 'restaurant.terms_changed', subjectId: after.id },
    ...{ before: pick(before, changed), after: pick(after, changed) },
  });
}

function pick(restaurant: RestaurantSnapshot, terms: readonly Term[]): Record<string, unknown> {
  return Object.fromEntries(terms.map((term) => [term, restaurant[term]]));
}
