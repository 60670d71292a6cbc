import { emit, presentPaymentMethod, type Call, type Handler } from './call.ts';
import { assertCustomer } from './customers.ts';
import { invalidParam, invalidRequest, missing } from './errors.ts';
import { randomText, stripeId } from './ids.ts';
import { flag, ignored, mergeMetadata, metadata, oneOf, optional, readParams, text, textList } from './params.ts';
import { findOrCreate, getTestCard, saveFor } from './payment-methods.ts';
import { answerWith, present } from './present.ts';
import { cardError } from './test-cards.ts';
import type { SetupIntent } from './types.ts';
import { realNowSeconds } from '../clock.ts';

export const createSetupIntent: Handler = (call) => {
  const params = readParams(call.form, {
    allowed_payment_method_types: optional(textList),
    customer: optional(text),
    metadata: optional(metadata),
    usage: optional(oneOf('on_session', 'off_session')),
  });
  if (params.customer !== undefined) assertCustomer(call, params.customer);
  const id = stripeId('seti');
  const setup: SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: realNowSeconds(),
    customer: params.customer ?? null,
    last_setup_error: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata ?? {}),
    next_action: null,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
    usage: params.usage ?? 'off_session',
  };
  call.book.put('setup_intent', setup);
  emit(call, 'setup_intent.created', setup);
  return answerWith(call, setup, params.expand);
};

export const retrieveSetupIntent: Handler = (call) => {
  const params = readParams(call.form, { client_secret: optional(text) });
  return answerWith(call, getSetup(call, params.client_secret), params.expand);
};

/** The bank checks the card without taking money; a card that it lets pass belongs to the customer from then on. */
export const confirmSetupIntent: Handler = (call) => {
  const params = readParams(call.form, {
    client_secret: optional(text),
    payment_method: optional(text),
    return_url: optional(text),
    use_stripe_sdk: optional(flag),
    key: ignored,
  });
  const setup = getSetup(call, params.client_secret);
  if (setup.status !== 'requires_payment_method') {
    const message = `You cannot confirm this SetupIntent because it has a status of ${setup.status}.`;
    throw invalidRequest(message, { code: 'setup_intent_unexpected_state' });
  }
  if (params.payment_method === undefined) {
    throw invalidParam('Missing required param: payment_method.', 'payment_method', 'parameter_missing');
  }
  const method = findOrCreate(call, params.payment_method);
  const { behaviour } = getTestCard(method);
  if (behaviour.kind === 'declines') {
    const failure = { ...cardError(behaviour.decline), payment_method: presentPaymentMethod(method) };
    const failed = { ...setup, last_setup_error: failure };
    call.book.put('setup_intent', failed);
    emit(call, 'setup_intent.setup_failed', failed);
    return { status: 402, body: { error: { ...failure, setup_intent: present(call, failed) } } };
  }
  const succeeded: SetupIntent = { ...setup, status: 'succeeded', payment_method: method.id, last_setup_error: null };
  if (setup.customer !== null) saveFor(call, method, setup.customer);
  call.book.put('setup_intent', succeeded);
  emit(call, 'setup_intent.succeeded', succeeded);
  return answerWith(call, succeeded, params.expand);
};

function getSetup(call: Call, clientSecret: string | undefined): SetupIntent {
  const setup = call.book.find('setup_intent', call.pathId);
  if (setup === null) throw missing('setupintent', call.pathId);
  if (clientSecret === undefined && !call.isPublishable) return setup;
  if (clientSecret === setup.client_secret) return setup;
  const message = 'The client_secret provided does not match the client_secret associated with the SetupIntent.';
  throw invalidRequest(message, { code: 'setup_intent_invalid_parameter', param: 'client_secret' });
}
