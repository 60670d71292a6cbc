import { localCloud } from '../setup/with-local-cloud.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebhookEventModel } from '../../src/modules/payments/webhook-event.model.ts';
import { createOrderIn, getStoredOrder } from '../factories/order.ts';
import { useCity } from '../support/city.ts';
import { startApi } from '../support/processes.ts';
import { authorizedEvent, deliver, nowSeconds, sign } from '../support/stripe-events.ts';

const PREVIOUS = 'whsec_theOneBeforeThisOne';
const OTHER = 'whsec_ofAnotherEndpointOfOurs';

/** In the midst of a rotation, and after it. */
let rotating: string;
let settled: string;

useCity();
beforeAll(async () => {
  const [first, second] = await Promise.all([startApi({ STRIPE_WEBHOOK_SECRET_PREVIOUS: PREVIOUS }), startApi()]);
  rotating = first.base;
  settled = second.base;
});

const current = () => localCloud.env['STRIPE_WEBHOOK_SECRET'] ?? '';

/** What is sent for a payload, and under which signature. */
type Forge = (payload: string) => [payload: string, signature: string | null];

const FORGERIES: [string, Forge][] = [
  ['no signature', (payload) => [payload, null]],
  ['an empty signature', (payload) => [payload, '']],
  ['a signature of nothing', (payload) => [payload, 't=,v1=']],
  ['a signature without its time', (payload) => [payload, sign(payload).replace(/^t=\d+,/, '')]],
  ['a time of its own', (payload) => [payload, sign(payload).replace(/^t=\d+/, `t=${nowSeconds() - 1}`)]],
  ['one that is 301 seconds old', (payload) => [payload, sign(payload, { ageSeconds: 301 })]],
  ['one from 301 seconds in the future', (payload) => [payload, sign(payload, { ageSeconds: -302 })]],
  ['a body that was serialised again', (payload) => [JSON.stringify(JSON.parse(payload), null, 1), sign(payload)]],
  ['one byte more', (payload) => [`${payload} `, sign(payload)]],
  ['the secret of another endpoint', (payload) => [payload, sign(payload, { secret: OTHER })]],
  ['an older scheme', (payload) => [payload, sign(payload).replace('v1=', 'v0=')]],
  ['a longer signature', (payload) => [payload, `${sign(payload)}00`]],
  ['the signature of another event', (payload) => [payload, sign(payload.replace('evt_', 'evt_x'))]],
];

describe('case 46: webhooks', () => {
  it.each(FORGERIES)('with %s are 400 and change nothing', async (_, forge) => {
    const order = await createOrderIn('pending_payment');
    const before = await WebhookEventModel.estimatedDocumentCount();
    for (const base of [rotating, settled]) {
      const { status, body } = await deliver(base, ...forge(authorizedEvent(order)));
      expect([status, body.error?.code]).toEqual([400, 'webhook_signature_invalid']);
    }
    expect(await getStoredOrder(order._id)).toMatchObject({ status: 'pending_payment', eventSeq: 1 });
    expect(await WebhookEventModel.estimatedDocumentCount()).toBe(before);
  });

  it.each([
    ['299 seconds old', 299],
    ['299 seconds early', -299],
  ])('that are %s count', async (_, ageSeconds) => {
    const order = await createOrderIn('pending_payment');
    const payload = authorizedEvent(order);
    expect(await deliver(settled, payload, sign(payload, { ageSeconds }))).toMatchObject({ status: 200 });
  });

  it('under the old and the new secret count while they are rotated, and the old one not after that', async () => {
    for (const secret of [current(), PREVIOUS]) {
      const order = await createOrderIn('pending_payment');
      const payload = authorizedEvent(order);
      const answer = await deliver(rotating, payload, sign(payload, { secret }));
      expect(answer).toMatchObject({ status: 200, body: { result: 'applied' } });
      expect((await getStoredOrder(order._id)).status).toBe('placed');
    }
    const payload = authorizedEvent(await createOrderIn('pending_payment'));
    expect((await deliver(settled, payload, sign(payload, { secret: PREVIOUS }))).status).toBe(400);
  });

  it('signed with both secrets, as the provider does meanwhile, count with either', async () => {
    const payload = authorizedEvent(await createOrderIn('pending_payment'));
    const both = `${sign(payload, { secret: OTHER })},${sign(payload).replace(/^t=\d+,/, '')}`;
    expect(await deliver(settled, payload, both)).toMatchObject({ status: 200, body: { result: 'applied' } });
  });
});
