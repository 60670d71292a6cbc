import { localCloud } from '../../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failPayout } from '../../../scripts/local-cloud/control-client.ts';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { postToLedger, type LedgerKind } from '../../../src/modules/ledger/index.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { stripe } from '../../../src/modules/payments/gateways/stripe-client.ts';
import { reconcileDay } from '../../../src/modules/reconciliation/reconcile-day.service.ts';
import { now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(async () => {
  ofTest.clear();
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const today = now().toISOString().slice(0, 10);
/** What other tests of this file left at the provider is unknown to the books, and differs. */
const ofTest = new Set<string>();

/** A payment that the provider has captured. @returns the intent */
async function charge(amount: number, paymentId?: string): Promise<string> {
  const { id } = await stripe().paymentIntents.create({
    ...{ amount, currency: 'inr', capture_method: 'manual', allowed_payment_method_types: ['card'] },
    ...{ payment_method: 'pm_card_visa', confirm: true, off_session: true },
    metadata: paymentId === undefined ? {} : { paymentId, orderId: newId() },
  });
  await stripe().paymentIntents.capture(id);
  if (paymentId !== undefined) ofTest.add(paymentId);
  return id;
}

function post(
  sourceId: string,
  amountMinor: number,
  { kind = 'capture', currency = 'INR' }: { kind?: LedgerKind; currency?: string } = {},
) {
  ofTest.add(sourceId);
  return withTransaction((tx) =>
    postToLedger(tx, {
      ...{ kind, sourceId, currency },
      lines: [
        { account: 'provider_clearing', amountMinor },
        { account: 'customer', ownerId: newId(), amountMinor: -amountMinor },
      ],
    }),
  );
}

async function differences(): Promise<Record<string, string>> {
  const report = await reconcileDay(today);
  const own = report.differences.filter(({ sourceId }) => sourceId !== null && ofTest.has(sourceId));
  return Object.fromEntries(own.map(({ sourceId, type }) => [sourceId ?? '', type]));
}

async function accounts(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for await (const { lines } of ledgerEntries().find({}, { comment: 'asked by a test' })) {
    for (const { account, amountMinor } of lines) sums[account] = (sums[account] ?? 0) + amountMinor;
  }
  return sums;
}

describe('reconcileDay', () => {
  it('settles what fits, with its fee, once however often it is made', async () => {
    const [paymentId, refundId] = [newId(), newId()];
    const intentId = await charge(10_000, paymentId);
    await post(paymentId, 10_000);
    await stripe().refunds.create({ payment_intent: intentId, amount: 4_000, metadata: { refundId } });
    await post(refundId, -4_000, { kind: 'refund' });
    await Promise.all([reconcileDay(today), reconcileDay(today)]);
    expect(await differences()).toEqual({});
    const { provider_clearing: clearing, provider_balance: balance, platform_costs: costs } = await accounts();
    expect({ clearing, balance, costs }).toEqual({ clearing: 0, balance: 6_000 - 175, costs: 175 });
  });

  it('finds every kind of difference, and settles none of them', async () => {
    const [lost, dear, foreign, ghost, twice, good] = [newId(), newId(), newId(), newId(), newId(), newId()];
    await charge(1_000, lost);
    await charge(2_000, dear);
    await post(dear, 2_100);
    await charge(3_000, foreign);
    await post(foreign, 3_000, { currency: 'EUR' });
    await post(ghost, 4_000);
    await charge(5_000, twice);
    await charge(5_000, twice);
    await post(twice, 5_000);
    await charge(6_000, good);
    await post(good, 6_000);
    const strangers = (await reconcileDay(today)).counts.unknown_payment ?? 0;
    await charge(7_000);
    expect((await reconcileDay(today)).counts.unknown_payment).toBe(strangers + 1);
    expect(await differences()).toEqual({
      [lost]: 'missing_here',
      [dear]: 'amount',
      [foreign]: 'currency',
      [ghost]: 'missing_there',
      [twice]: 'duplicate',
    });
    // 60.00 and 50.00 less their fees of 1.5 % and 0.25.
    expect((await accounts())['provider_balance']).toBe(6_000 - 115 + 5_000 - 100);

    // The webhook comes late: the next run settles it.
    await post(lost, 1_000);
    expect(await differences()).not.toHaveProperty(lost);
  });

  it('tells nobody’s movements from a day that has none', async () => {
    const report = await reconcileDay('2020-01-01');
    expect(report).toMatchObject({ movements: 0, matched: 0, differenceCount: 0, differences: [], sums: [] });
  });

  it('books what the provider pays out to our bank, and what the bank sends back, once', async () => {
    const balances = async () => {
      const { provider_balance: balance = 0, bank = 0 } = await accounts();
      return { balance, bank };
    };
    const unknown = async () => (await reconcileDay(today)).counts.unknown_payment ?? 0;
    const strangers = await unknown();
    const before = await balances();
    const paid = await stripe().payouts.create({ amount: 9_000, currency: 'inr' });
    const sentBack = await stripe().payouts.create({ amount: 500, currency: 'inr' });
    await failPayout(localCloud.stripeUrl, sentBack.id);
    expect((await stripe().payouts.retrieve(paid.id)).status).toBe('paid');
    await Promise.all([reconcileDay(today), reconcileDay(today)]);
    expect(await unknown()).toBe(strangers);
    expect(await balances()).toEqual({ balance: before.balance - 9_000, bank: before.bank + 9_000 });
  });

  it('settles nothing while the provider does not answer', async () => {
    const paymentId = newId();
    await charge(1_000, paymentId);
    await post(paymentId, 1_000);
    await localCloud.stop();
    await expect(reconcileDay(today)).rejects.toThrow();
    expect((await accounts())['provider_balance']).toBeUndefined();
  });
});
