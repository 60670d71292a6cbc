import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { payables } from '../../../src/modules/ledger/payable.model.ts';
import { payouts } from '../../../src/modules/ledger/payouts/payout.model.ts';
import { getStatement } from '../../../src/modules/ledger/index.ts';
import { markPayoutFailed, markPayoutPaid } from '../../../src/modules/ledger/payouts/payouts.service.ts';
import { duePipeline, runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { courierCashBalance, postSale } from '../../../src/modules/ledger/index.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { summarizePlan } from '../../support/explain.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ADMIN: Actor = { userId: newId(), roles: ['admin'], sessionId: newId() };
const ASKED = { comment: 'asked by a test' };

/** Of every account, over all postings. */
async function accounts(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const { lines } of ledgerEntries().find({}, ASKED)) {
    for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  }
  return sums;
}

async function onlyPayout() {
  const [payout, ...others] = await payouts().find({}, ASKED).toArray();
  if (payout === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} payouts, or none`);
  return payout;
}

describe('runPayouts', () => {
  it('collects what is payable, by owner and currency, and leaves what is held', async () => {
    const [owner, other] = [newId(), newId()];
    await createEarning({ restaurant: owner, amountMinor: 700 });
    await createEarning({ restaurant: owner, amountMinor: 50 });
    await createEarning({ restaurant: owner, amountMinor: 9, currency: 'EUR' });
    await createEarning({ restaurant: other, amountMinor: 30 });
    const { _id: orderId } = await createOrderIn('delivered', { ownerId: owner });
    await postSale(orderId);
    expect(await runPayouts()).toHaveLength(3);
    const made = await payouts().find({}, ASKED).toArray();
    const of = (ownerId: string) =>
      made.filter((payout) => payout.ownerId === ownerId).map((p) => [p.currency, p.amountMinor]);
    expect(of(owner).toSorted()).toEqual([
      ['EUR', 9],
      ['INR', 750],
    ]);
    expect(of(other)).toEqual([['INR', 30]]);
    expect(await payables().countDocuments({ status: 'held' }, ASKED)).toBe(1);
    expect(await runPayouts()).toEqual([]);
  });

  it('takes each row into one payout, however many runs there are at once', async () => {
    const owners = [newId(), newId(), newId()];
    for (const restaurant of owners)
      for (const amountMinor of [1, 2, 3]) await createEarning({ restaurant, amountMinor });
    const runs = await Promise.all([runPayouts(), runPayouts(), runPayouts(), runPayouts()]);
    expect(runs.flat()).toHaveLength(3);
    const made = await payouts().find({}, ASKED).toArray();
    expect(made.map(({ amountMinor }) => amountMinor)).toEqual([6, 6, 6]);
    expect((await accounts())['payout_clearing']).toBe(-18);
  });

  it('nets the cash that a courier carries, and pays nothing while it is more than was earned', async () => {
    const courier = newId();
    await createEarning({ courier, amountMinor: 500 });
    await createEarning({ courier, cash: true, amountMinor: 800 });
    expect(await runPayouts()).toEqual([]);
    expect(await courierCashBalance(courier, 'INR')).toBe(800);
    await createEarning({ courier, amountMinor: 400 });
    expect(await runPayouts()).toHaveLength(1);
    expect(await onlyPayout()).toMatchObject({
      amountMinor: 100,
      totals: [
        { account: 'courier', count: 2, amountMinor: 900 },
        { account: 'courier_cash', count: 1, amountMinor: -800 },
      ],
    });
    expect(await courierCashBalance(courier, 'INR')).toBe(0);
    expect(await accounts()).toMatchObject({ courier: 0, courier_cash: 0, payout_clearing: -100 });
  });

  it('finds the due from the index alone', async () => {
    await createEarning({ restaurant: newId(), amountMinor: 700 });
    const plan = summarizePlan(
      await payables().aggregate(duePipeline(), { hint: 'payable' }).explain('executionStats'),
    );
    expect(new Set(plan.indexes)).toEqual(new Set(['payable']));
    expect(plan.docsExamined).toBe(0);
  });
});

describe('a payout', () => {
  it('that the bank has paid leaves nothing on its way; once, however often it is told', async () => {
    await createEarning({ restaurant: newId(), amountMinor: 700 });
    await runPayouts();
    const { _id: payoutId } = await onlyPayout();
    await Promise.all([1, 2, 3].map(() => markPayoutPaid({ payoutId, reference: 'NEFT 1' }, ADMIN)));
    expect(await accounts()).toMatchObject({ restaurant: 0, payout_clearing: 0, bank: -700 });
    await expect(markPayoutFailed({ payoutId, reason: 'closed' }, ADMIN)).rejects.toMatchObject({
      code: 'invalid_transition',
    });
  });

  it('that the bank has not paid is payable again, and goes with the next', async () => {
    const owner = newId();
    await createEarning({ restaurant: owner, amountMinor: 700 });
    await runPayouts();
    const { _id: payoutId } = await onlyPayout();
    await markPayoutFailed({ payoutId, reason: 'The account is closed' }, ADMIN);
    expect(await accounts()).toMatchObject({ restaurant: -700, payout_clearing: 0 });
    const [next] = await runPayouts();
    const { payout, rows } = await getStatement(next ?? '');
    expect(payout).toMatchObject({ ownerId: owner, amountMinor: 700, status: 'created' });
    expect(rows).toMatchObject([{ kind: 'payout_failed', netMinor: 700, order: null, amounts: { other: 700 } }]);
    expect((await getStatement(payoutId)).rows).toMatchObject([{ kind: 'refund_charge', netMinor: 700 }]);
  });

  it('has a statement in the order of time, whatever the ids say, with what every row consists of', async () => {
    const owner = newId();
    const order = await createOrderIn('delivered', { ownerId: owner });
    await postSale(order._id);
    await createEarning({ restaurant: owner, amountMinor: 75_005 });
    const [sale] = await payables().find({ kind: 'sale', ownerId: owner }, ASKED).toArray();
    await payables().updateMany(
      { _id: { $in: [sale?._id ?? ''] } },
      { $set: { status: 'payable', createdAt: secondsFromNow(60) } },
    );
    await runPayouts();
    const { rows, sellers, timeZone } = await getStatement((await onlyPayout())._id);
    expect(rows).toMatchObject([
      { kind: 'refund_charge', netMinor: 75_005, order: null, amounts: { refund: 75_005, other: 0 } },
      {
        ...{ kind: 'sale', netMinor: 5_100, commissionBasisPoints: 2_000, order: { number: order.number } },
        amounts: { items: 6_000, tax: 300, commission: -1_200, other: 0 },
      },
    ]);
    expect([sellers, timeZone]).toEqual([[{ name: 'Pepper House', taxRegistration: null }], 'Asia/Kolkata']);
  });
});
