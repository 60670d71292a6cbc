/**
 * domain.md section 2.2: proposed → accepted | declined | timed_out → applied. The answer and its application are one transaction, so
 * that nobody ever sees an answered amendment that is not applied: the row has the answer beside its status. Pure.
 */
import type { OrderStatus } from '../order.machine.ts';
import type { Replacement } from '../order-choices.ts';

/** `void`: the order ended before anybody answered. */
export const AMENDMENT_STATUSES = ['proposed', 'applied', 'void'] as const;
export const AMENDMENT_ANSWERS = ['accepted', 'declined', 'cancelled_order', 'timed_out'] as const;
export type AmendmentAnswer = (typeof AMENDMENT_ANSWERS)[number];
/** `taken`: as proposed; `removed`: the same without any substitute; `order_cancelled`: nothing, or nothing else, was left. */
export const AMENDMENT_OUTCOMES = ['taken', 'removed', 'order_cancelled'] as const;
export type AmendmentOutcome = (typeof AMENDMENT_OUTCOMES)[number];

/** The kitchen can still cook something else. */
export const AMENDABLE: readonly OrderStatus[] = ['placed', 'accepted', 'preparing'];

const ANSWERED = { accepted: 'taken', declined: 'removed', cancelled_order: 'order_cancelled' } as const;
const PREFERRED = { best_match: 'taken', refund_item: 'removed', cancel: 'order_cancelled' } as const;

/** What an answer, or in its place the stored preference, asks for. */
export function outcomeOf(answer: AmendmentAnswer, replacement: Replacement): AmendmentOutcome {
  return answer === 'timed_out' ? PREFERRED[replacement] : ANSWERED[answer];
}
