import type { Call } from './call.ts';
import { invalidParam, invalidRequest, missing } from './errors.ts';
import type { PaymentIntent } from './types.ts';

export function getIntent(call: Call): PaymentIntent {
  const intent = call.book.find('payment_intent', call.pathId);
  if (intent === null) throw missing('payment_intent', call.pathId);
  return intent;
}

/** A publishable key is public: only the client secret proves that this browser may see this payment. */
export function assertClientSecret(call: Call, intent: PaymentIntent, clientSecret: string | undefined): void {
  if (clientSecret === undefined && !call.isPublishable) return;
  if (clientSecret === undefined) {
    throw invalidParam('Missing required param: client_secret.', 'client_secret', 'parameter_missing');
  }
  if (clientSecret !== intent.client_secret) {
    const message = 'The client_secret provided does not match the client_secret associated with the PaymentIntent.';
    throw invalidRequest(message, { code: 'payment_intent_invalid_parameter', param: 'client_secret' });
  }
}
