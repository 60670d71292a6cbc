import { localCloud } from '../../setup/with-local-cloud.ts';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clearFaults, setFaults } from '../../../scripts/local-cloud/control-client.ts';
import { config } from '../../../src/config/index.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { fireDueTimers } from '../../../src/infra/timers/index.ts';
import { createMissingIntents, reconcilePayments, TIP_OVERDUE } from '../../../src/modules/payments/index.ts';
import { expireTip } from '../../../src/modules/payments/tips/expire-tip.service.ts';
import { addMs, now, setClock } from '../../../src/shared/clock.ts';
import { getStoredOrder } from '../../factories/order.ts';
import { PASSWORD } from '../../factories/user.ts';
import { PROVIDER_AWAY } from '../../support/held-orders.ts';
import { expectSoundOrder } from '../../support/order-log.ts';
import { booksOf, payInBrowser, storedTip, takenFor } from '../../support/tips.ts';
import { FIFTY, MINUTE_MS, MOST_MINOR, bodyOf, deliveredOrder, playTips, savedCard, tip } from './tip-scene.ts';

const stage = playTips();

describe('a tip that is not paid', () => {
  const OVER_MS = config.orders.payTimeoutSeconds * 1000 + MINUTE_MS;

  async function overdue(): Promise<string[]> {
    await fireDueTimers(addMs(now(), OVER_MS));
    const rows = await OutboxModel.find({ event: TIP_OVERDUE }).lean();
    return rows.map(({ payload }) => String(payload['tipId']));
  }

  it('is given up by its timer, at the provider, too, and leaves the bound free', async () => {
    const order = await deliveredOrder();
    const all = { amount: { amount: MOST_MINOR, currency: 'INR' } };
    const res = await tip(order, all).expect(201);
    expect(await overdue()).toEqual([bodyOf(res).id]);
    await expireTip(bodyOf(res).id);
    await expireTip(bodyOf(res).id);
    expect(await storedTip(bodyOf(res).id)).toMatchObject({ status: 'voided' });
    expect(await payInBrowser(bodyOf(res))).toMatchObject({ ok: false });
    await tip(order, all).expect(201);
    expect((await getStoredOrder(order._id)).tippedMinor).toBe(0);
  });

  it.each([
    ['is given up by its timer', false],
    ['and is paid before that is the courier’s', true],
  ])('of a customer who has deleted the account meanwhile %s', async (_, isPaid) => {
    const order = await deliveredOrder();
    await savedCard();
    const body = bodyOf(await tip(order).expect(201));
    const { id } = body;
    const goodbye = { password: PASSWORD, confirm: 'delete my account' };
    await stage.app().request.delete('/api/v1/me').set(stage.customer().headers).send(goodbye).expect(204);
    if (isPaid) expect(await payInBrowser(body)).toMatchObject({ ok: true });
    expect(await overdue()).toEqual([id]);
    await expireTip(id);
    const tippedMinor = isPaid ? 5_000 : 0;
    expect(await storedTip(id)).toMatchObject({ status: isPaid ? 'captured' : 'voided' });
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor });
    expect(await takenFor(order)).toEqual({ intents: 1, captured: tippedMinor });
    expect((await booksOf(order))['courier'] ?? 0).toBe(0 - tippedMinor);
    await expectSoundOrder(order._id);
  });

  it('but was, when the timer comes, counts', async () => {
    const order = await deliveredOrder();
    const res = await tip(order).expect(201);
    await payInBrowser(bodyOf(res));
    expect(await overdue()).toHaveLength(1);
    await expireTip(bodyOf(res).id);
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000 });
    expect(await booksOf(order)).toEqual({ provider_clearing: 5_000, customer: 0, courier: -5_000 });
  });

  it('since the provider is away gets its secret later, and is given up without an intent', async () => {
    const order = await deliveredOrder();
    await setFaults(localCloud.stripeUrl, PROVIDER_AWAY);
    const first = await tip(order).expect(201);
    const second = await tip(order).expect(201);
    expect(bodyOf(first).clientSecret).toBeNull();
    await expireTip(bodyOf(second).id);
    expect(await storedTip(bodyOf(second).id)).toMatchObject({ status: 'expired' });
    await clearFaults(localCloud.stripeUrl);
    setClock({ offsetMs: MINUTE_MS });
    await createMissingIntents();
    expect((await storedTip(bodyOf(first).id)).clientSecret).toContain('_secret_');
    expect((await storedTip(bodyOf(second).id)).intentId).toBeNull();
  });

  it('as far as we know, since the answer was lost, is found by the reconciler', async () => {
    const order = await deliveredOrder();
    const cardId = await savedCard();
    await setFaults(localCloud.stripeUrl, { requests: [{ kind: 'lose_answer', path: '/confirm', times: 3 }] });
    const key = randomUUID();
    const lost = await tip(order, { ...FIFTY, cardId }, { key });
    expect([201, 503]).toContain(lost.status);
    await clearFaults(localCloud.stripeUrl);
    setClock({ offsetMs: 2 * MINUTE_MS });
    await reconcilePayments();
    expect(await getStoredOrder(order._id)).toMatchObject({ tippedMinor: 5_000 });
    expect(bodyOf(await tip(order, { ...FIFTY, cardId }, { key }).expect(201))).toMatchObject({ status: 'captured' });
    expect(await takenFor(order)).toEqual({ intents: 1, captured: 5_000 });
  });
});
