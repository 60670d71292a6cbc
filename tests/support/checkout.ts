import type { IdempotentRequest } from '../../src/infra/mongo/index.ts';
import { addCartItem } from '../../src/modules/carts/carts.service.ts';
import { createQuote } from '../../src/modules/checkout/quotes.service.ts';
import type { QuoteRow } from '../../src/modules/checkout/quote.model.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { newId } from '../../src/shared/ids.ts';
import { NEAR_HOME, type Kitchen } from './kitchen.ts';

export function customerActor(userId = newId()): Actor {
  return { userId, roles: ['customer'], sessionId: newId() };
}

/** Two large biryanis and a lassi: 618.00 + 60.50. */
export async function fillCart({ restaurantId, biryani, lassi }: Kitchen, userId: string): Promise<void> {
  const line = { restaurantId, replace: false };
  await addCartItem({ ...line, itemId: biryani.id, quantity: 2, optionIds: [biryani.large], note: 'Hot' }, userId);
  await addCartItem({ ...line, itemId: lassi.id, quantity: 1, optionIds: [] }, userId);
}

export async function quoteFor(kitchen: Kitchen, userId: string, tipMinor = 0): Promise<QuoteRow> {
  await fillCart(kitchen, userId);
  return createQuote({ address: NEAR_HOME, tipMinor }, userId);
}

export function placing(userId: string, changes: Partial<IdempotentRequest> = {}): IdempotentRequest {
  return { key: newId(), operation: 'placeOrder', userId, bodyHash: 'body', ...changes };
}
