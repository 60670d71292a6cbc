import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, BrokenCircuitError } from 'cockatiel';
import { Stripe } from 'stripe';
import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { gauge, logger } from '../../../infra/observability/index.ts';

/** No answer of the provider that we ask for is nearly so long. */
const LONGEST_ANSWER = 1_000_000;
const FAULTS_TO_OPEN = 10;
const HALF_OPEN_MS = 10_000;
let client: Stripe | null = null;

/** After so many faults in a row nobody waits for the provider any more: calls fail at once, and one in ten seconds tries. */
const breaker = circuitBreaker(handleWhen(isFault), {
  halfOpenAfter: HALF_OPEN_MS,
  breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN),
});
breaker.onStateChange((state) => {
  logger.warn({ circuit: 'payments', state: CircuitState[state] }, 'the circuit to the payment provider changed');
});
gauge({ name: 'quickbite_circuit_open', help: '1 while calls are refused at once', labels: ['circuit'] }, (self) => {
  self.set({ circuit: 'payments' }, breaker.state === CircuitState.Open ? 1 : 0);
});

/**
 * Every call to the provider goes through here, with the reading of its answer: an answer in no form we know is a fault, too.
 * @throws AppError `payment_provider_unavailable` at once while the circuit is open; otherwise what the call throws
 */
export async function guarded<T>(call: (stripe: Stripe) => Promise<T>): Promise<T> {
  try {
    return await breaker.execute(() => call(stripe()));
  } catch (error) {
    if (error instanceof BrokenCircuitError) throw new AppError('payment_provider_unavailable', { cause: error });
    throw error;
  }
}

/** A refusal is an answer: the provider understood us and said no. */
export function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  return error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError;
}

function isFault(error: unknown): boolean {
  return !isRefusal(error);
}

export function stripe(): Stripe {
  if (client !== null) return client;
  const url = new URL(config.payments.apiBaseUrl);
  client = new Stripe(config.payments.secretKey, {
    host: url.hostname,
    port: url.port === '' ? 443 : Number(url.port),
    protocol: url.protocol === 'http:' ? 'http' : 'https',
    // Of one try in all, the reading of the body included.
    timeout: config.payments.timeoutMs,
    maxNetworkRetries: 2,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(boundedFetch),
  });
  return client;
}

/** The provider's word is not trusted further than this: no other host, no endless body. The SDK's signal ends what is slow. */
async function boundedFetch(url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new Error('the payment provider sends us elsewhere');
  }
  return new Response(await readBounded(response), { status: response.status, headers: response.headers });
}

async function readBounded(response: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    // Leaving the loop cancels the rest.
    if (size > LONGEST_ANSWER) throw new Error('the answer of the payment provider is too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
