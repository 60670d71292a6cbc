import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import {
  courierCashBalance,
  listClearingPostings,
  listHandedIn,
  listSetOff,
  postSale,
} from '../../../src/modules/ledger/index.ts';
import { getLedgerBalances } from '../../../src/modules/ledger/balances.queries.ts';
import { releaseEarnings } from '../../../src/modules/ledger/earnings.service.ts';
import { ledgerEntries } from '../../../src/modules/ledger/ledger-entry.model.ts';
import { listLedgerEntries, type EntryFilter } from '../../../src/modules/ledger/ledger.queries.ts';
import { payables } from '../../../src/modules/ledger/payable.model.ts';
import { listPayouts } from '../../../src/modules/ledger/payouts/payouts.queries.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { getStatement } from '../../../src/modules/ledger/payouts/statement.queries.ts';
import { forgetStatements } from '../../../src/modules/reports/index.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { addMs, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ADMIN: Actor = { userId: newId(), roles: ['admin'], sessionId: newId() };
const owner: Actor = { userId: newId(), roles: ['restaurant'], sessionId: newId() };
const courier: Actor = { userId: newId(), roles: ['courier'], sessionId: newId() };

async function seed(): Promise<void> {
  for (let n = 0; n < 15; n += 1) await createEarning({ restaurant: newId(), amountMinor: 1 + n });
  for (let n = 0; n < 3; n += 1) await createEarning({ restaurant: owner.userId, amountMinor: 100 });
  for (let n = 0; n < 3; n += 1) await createEarning({ courier: courier.userId, cash: n === 0, amountMinor: 100 });
}

function indexesOf(plans: { command: string; indexes: string[] }[], command: string): string[] {
  return [...new Set(plans.filter((plan) => plan.command === command).flatMap(({ indexes }) => indexes))];
}

describe('the books are read by index', () => {
  it.each<[string, Partial<EntryFilter>, Actor, string]>([
    ['an owner', {}, owner, 'lines.ownerId_1_lines.account_1_createdAt_-1__id_-1'],
    ['a courier', {}, courier, 'lines.ownerId_1_lines.account_1_createdAt_-1__id_-1'],
    ['an account', { account: 'bank' }, ADMIN, 'lines.account_1_createdAt_-1__id_-1'],
    ['an order', { orderId: newId() }, ADMIN, 'orderId_1_createdAt_-1__id_-1'],
    ['all', {}, ADMIN, 'createdAt_-1__id_-1'],
  ])('entries of %s', async (_, ...[filter, actor, index]) => {
    await seed();
    const first = await listLedgerEntries({ ...filter, limit: 1 }, actor);
    const plans = await explainQueries(async () => {
      await listLedgerEntries({ ...filter, limit: 1 }, actor);
      if (first.nextCursor !== null) await listLedgerEntries({ ...filter, limit: 1, cursor: first.nextCursor }, actor);
    });
    expect(indexesOf(plans, 'find ledger_entries')).toEqual([index]);
    for (const { docsExamined, stages } of plans) {
      expect(docsExamined).toBeLessThanOrEqual(4);
      expect(stages).not.toContain('SORT');
    }
  });

  it('balances and cash, from the index alone', async () => {
    await seed();
    const plans = await explainQueries(async () => {
      await getLedgerBalances({}, courier);
      await courierCashBalance(courier.userId, 'INR');
    });
    expect(indexesOf(plans, 'aggregate ledger_payables')).toEqual(['open_of_owner']);
    expect(plans.map(({ docsExamined }) => docsExamined)).toEqual([0, 0]);
  });

  it('the cash that a courier has handed in', async () => {
    await seed();
    const plans = await explainQueries(() => listHandedIn(courier.userId, 'INR'));
    expect(indexesOf(plans, 'find ledger_payables')).toEqual(['open_of_owner']);
    expect(plans.map(({ docsExamined }) => docsExamined)).toEqual([1]);
  });

  it('the rows of a payout, and one’s own payouts', async () => {
    await seed();
    const made = await runPayouts();
    const plans = await explainQueries(async () => {
      await getStatement(made[0] ?? '');
      await listSetOff(made[0] ?? '');
      await listPayouts({ limit: 5 }, owner);
      await listPayouts({ limit: 5, status: 'created' }, ADMIN);
      await withTransaction((tx) => forgetStatements(tx, owner.userId));
    });
    expect(indexesOf(plans, 'delete documents')).toEqual(['kind_1_subjectId_1']);
    expect(indexesOf(plans, 'find ledger_payables')).toEqual(['payoutId_1__id_1']);
    expect(indexesOf(plans, 'find payouts').toSorted()).toEqual(['ownerId_1__id_-1', 'status_1__id_-1']);
  });

  it('what an entry earned, what an order has posted, what cleared in a day', async () => {
    await seed();
    const { _id: orderId } = await createOrderIn('delivered');
    await postSale(orderId);
    const entry = await ledgerEntries().findOne({ kind: 'sale', sourceId: orderId });
    const plans = await explainQueries(async () => {
      await releaseEarnings(entry?._id ?? '');
      await postSale(orderId);
      await listClearingPostings({ from: addMs(now(), -60_000), to: now() });
    });
    expect(indexesOf(plans, 'find ledger_payables')).toEqual(['entryId_1']);
    expect(indexesOf(plans, 'update ledger_payables')).toEqual(['entryId_1']);
    expect(indexesOf(plans, 'find ledger_entries').toSorted()).toEqual([
      'lines.account_1_createdAt_-1__id_-1',
      'orderId_1_createdAt_-1__id_-1',
    ]);
    expect(await payables().countDocuments({ status: 'payable', orderId }, { comment: 'asked by a test' })).toBe(1);
  });
});
