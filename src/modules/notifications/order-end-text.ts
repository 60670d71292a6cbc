/** Why an order came to nothing, and what becomes of the money, in words. Pure. */
import { SOLD_OUT, type OrderRecord, type OrderStatus } from '../orders/index.ts';
import { moneyText } from './money-text.ts';

/** What the log says of the end. */
export interface EndFacts {
  by: string;
  data: Record<string, unknown>;
}

interface EndText {
  /** Of the mail; after the number of the order. */
  subject: string;
  /** Goes on after the name of the restaurant. */
  text: string;
  /** Others who cook are named. */
  isOursToMend: boolean;
}

/** Null where the order did not end without food. */
export function endText({ status, restaurant }: OrderRecord, { by }: EndFacts): EndText | null {
  if (status === 'expired') {
    const text = 'came to nothing: the restaurant did not answer in time.';
    return { subject: `: ${restaurant.name} did not answer in time`, text, isOursToMend: true };
  }
  const end = ENDS[status];
  return end !== undefined && by === 'restaurant' && status === 'cancelled'
    ? { ...end, text: 'was cancelled by the restaurant.', isOursToMend: true }
    : (end ?? null);
}

const ENDS: Partial<Record<OrderStatus, EndText>> = {
  rejected: { subject: ' was refused', text: 'was refused by the restaurant.', isOursToMend: true },
  cancelled: { subject: ' is cancelled', text: 'is cancelled.', isOursToMend: false },
  failed: { subject: ' could not be delivered', text: 'could not be delivered.', isOursToMend: false },
  no_show: { subject: ' was not collected', text: 'was not collected in time.', isOursToMend: false },
};

/** What customers themselves give as a reason they know, and `other` says nothing. */
const REASONS: Readonly<Record<string, string>> = {
  too_busy: 'The kitchen has more orders than it can cook.',
  closing: 'The restaurant is closing.',
  equipment_failed: 'Something in the kitchen has broken down.',
  cannot_deliver: 'It cannot be brought to you.',
  courier_unavailable: 'There was no courier for it.',
  payment_problem: 'It could not be paid.',
  hold_expired: 'Your card no longer holds the money for it.',
  safety: 'It would not have been safe.',
  customer_absent: 'Nobody was there to take it.',
  customer_refused: 'It was not taken at the door.',
  wrong_address: 'The address was not right.',
  unsafe_place: 'The courier could not come to the door safely.',
  food_damaged: 'The food was damaged on the way.',
  courier_accident: 'The courier had an accident.',
};

export function reasonText({ reason, items }: OrderRecord, { data }: EndFacts): string | null {
  if (reason !== SOLD_OUT) return REASONS[reason ?? ''] ?? null;
  const soldOut = (data['soldOutLineIds'] ?? []) as string[];
  const names = new Set(items.filter(({ lineId }) => soldOut.includes(lineId)).map(({ name }) => name));
  return names.size === 0 ? 'A dish has run out.' : `This has run out: ${[...names].join(', ')}.`;
}

/** As decided; the payment follows by itself, within minutes. */
export function endMoneyText(order: OrderRecord, facts: EndFacts): string {
  const { amountDueMinor, currency, pricing } = order;
  const back = moneyText(backMinorOf(order, facts), currency);
  const isGivenBack = backMinorOf(order, facts) > 0;
  if (amountDueMinor > 0) {
    const due = moneyText(amountDueMinor, currency);
    if (isGivenBack) return `You are charged ${due} of it, and nothing else: ${back} is given back. ${BANK}`;
    return amountDueMinor < pricing.totalMinor
      ? `You are charged ${due} of it, and nothing else.`
      : `You are charged ${due}.`;
  }
  if (!isGivenBack) return 'You are charged nothing.';
  return `You are charged nothing: ${back}, which your card has paid or holds for it, is given back. ${BANK}`;
}

const BANK = 'A bank may need some days to show it.';

/** Who ends an order at a price says what goes back; before the kitchen has accepted it is all that the card holds. */
function backMinorOf({ status, paymentMethod, placedAt, pricing }: OrderRecord, { data }: EndFacts): number {
  if (typeof data['refundMinor'] === 'number') return data['refundMinor'];
  const isUnanswered = status === 'rejected' || (status === 'expired' && placedAt !== null);
  return isUnanswered && paymentMethod === 'card' ? pricing.totalMinor : 0;
}
