import { localCloud } from '../setup/with-local-cloud.ts';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { book, clearFaults, setFaults } from '../../scripts/local-cloud/control-client.ts';
import { newPerson, saffronTable, useCity, type Restaurant } from '../support/city.ts';
import { sendWebhooksTo, storedOrder, takeQuote, tryPlacing } from '../support/order-path.ts';
import { metricOf, startApi, type ApiProcess } from '../support/processes.ts';

const OPEN = 'quickbite_circuit_open{circuit="payments"}';
/** Far longer than anybody would wait. */
const HOURS = 600_000;

let restaurant: Restaurant;

useCity();
beforeAll(async () => {
  restaurant = await saffronTable();
});
afterEach(() => clearFaults(localCloud.stripeUrl));

/** One of its own for each story: a circuit that is open stays so for a while. */
async function ownApi(): Promise<ApiProcess> {
  const api = await startApi({ STRIPE_TIMEOUT_SECONDS: '1' });
  sendWebhooksTo(api.base);
  return api;
}

async function orderAt({ base }: ApiProcess) {
  const customer = (await newPerson()).at(base);
  const quote = await takeQuote(customer, restaurant);
  return { customer, answer: await tryPlacing(customer, quote.id) };
}

describe('case 48: a provider that answers', () => {
  it.each(['html', 'huge', 'trickle', 'redirect'] as const)(
    '%s is cut off: the order is placed, the client secret comes later',
    async (kind) => {
      const api = await ownApi();
      await setFaults(localCloud.stripeUrl, { requests: [{ kind, ms: HOURS, times: 10_000 }] });
      const { answer, customer } = await orderAt(api);
      expect(answer).toMatchObject({ status: 201, body: { payment: { clientSecret: null } } });
      expect((await storedOrder(answer.body.id)).status).toBe('pending_payment');
      await clearFaults(localCloud.stripeUrl);
      await seldom(async () => {
        const payment = await customer.call<{ clientSecret: string | null }>(
          'GET',
          `/orders/${answer.body.id}/payment`,
        );
        expect(payment.body.clientSecret).toContain('_secret_');
      });
      const { perIntent } = await book(localCloud.stripeUrl);
      expect(perIntent.filter(({ metadata }) => metadata['orderId'] === answer.body.id)).toHaveLength(1);
      expect(await customer.try('GET', '/me')).toMatchObject({ status: 200 });
    },
  );

  it('nothing but faults is asked no more: the circuit opens, orders go on, and it closes by itself', async () => {
    const api = await ownApi();
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'html', times: 10_000 }] });
    const { customer, answer } = await orderAt(api);
    const path = `/orders/${answer.body.id}/payment`;
    for (let count = 0; count < 12; count += 1) {
      expect(await customer.call('GET', path)).toMatchObject({ body: { clientSecret: null } });
    }
    expect(await metricOf(api, OPEN)).toBe(1);
    const asked = async () => 10_000 - ((await faultsLeft())[0]?.times ?? 0);
    const before = await asked();
    expect((await orderAt(api)).answer.status).toBe(201);
    await customer.call('GET', path);
    expect(await asked()).toBe(before);
    await clearFaults(localCloud.stripeUrl);
    await seldom(async () => {
      const { body } = await customer.call<{ clientSecret: string | null }>('GET', path);
      expect(body.clientSecret).toContain('_secret_');
    });
    expect(await metricOf(api, OPEN)).toBe(0);
  });
});

/** The limits of an account count these questions, too. */
function seldom(probe: () => Promise<void>): Promise<void> {
  return vi.waitFor(probe, { timeout: 30_000, interval: 1_000 });
}

async function faultsLeft(): Promise<{ times: number }[]> {
  const response = await fetch(`${localCloud.stripeUrl}/_control/faults`);
  return ((await response.json()) as { requests: { times: number }[] }).requests;
}
