import type { CardRecord } from './card.model.ts';

/** What its owner recognises it by; the provider's names stay with us. JSON-safe. */
export function toCardView({ _id: id, brand, last4, expMonth, expYear, createdAt }: CardRecord) {
  return { id, brand, last4, expMonth, expYear, createdAt: createdAt.toISOString() };
}
