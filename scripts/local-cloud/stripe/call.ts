import type { Book } from './book.ts';
import type { Form } from './form.ts';
import { stripeId } from './ids.ts';
import type { Answer, EventObject, PaymentIntent, PaymentMethod, StripeEvent } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** The version spoken here. Monthly releases of one name are compatible, so a caller may ask for another of them. */
export const API_VERSION = '2026-10-28.endive';

/** Everything a handler may use: synchronous throughout, so that one call is one transaction. */
export interface Call {
  book: Book;
  pathId: string;
  form: Form;
  isPublishable: boolean;
  requestId: string | null;
  idempotencyKey: string | null;
  baseUrl: string;
  /** Confirmations become `processing` until settled through the control API. */
  isProcessingForced: boolean;
  schedule(eventId: string, type: string): void;
}

export type Handler = (call: Call) => Answer;

export function emit(call: Call, type: string, object: EventObject): void {
  const event: StripeEvent = {
    id: stripeId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: realNowSeconds(),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
    type,
  };
  call.book.put('event', event);
  call.schedule(event.id, type);
}

export function saveIntent(call: Call, intent: PaymentIntent): PaymentIntent {
  call.book.put('payment_intent', intent);
  return intent;
}

export function presentPaymentMethod({
  test_card: _hidden,
  ...method
}: PaymentMethod): Omit<PaymentMethod, 'test_card'> {
  return method;
}
