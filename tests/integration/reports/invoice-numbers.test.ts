import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { findBilledRefunds } from '../../../src/modules/reports/billed-refunds.queries.ts';
import { documentRows } from '../../../src/modules/reports/document.model.ts';
import { findDocument, storeDocument } from '../../../src/modules/reports/documents.service.ts';
import { invoices } from '../../../src/modules/reports/invoices/invoice.model.ts';
import { numberInvoices } from '../../../src/modules/reports/invoices/invoice-numbers.service.ts';
import { dateFrom, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildBilledOrder } from '../../factories/billed-order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => shutdown('test'));

const restaurantId = newId();

function order() {
  return { ...buildBilledOrder('Saffron Bay, tax added'), restaurantId };
}

async function sequences(issuer: 'restaurant' | 'platform'): Promise<number[]> {
  const rows = await invoices().find({ issuer, kind: 'invoice' }, { comment: 'asked by a test' }).toArray();
  return rows.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
}

describe('numbers of invoices', () => {
  it('of twenty orders at once, some of them twice, are given once and without a gap', async () => {
    await numberInvoices(order(), []);
    const orders = Array.from({ length: 20 }, order);
    const results = await Promise.allSettled([...orders, ...orders.slice(0, 5)].map((one) => numberInvoices(one, [])));
    // What lost is repeated by its job.
    for (const one of orders) await numberInvoices(one, []);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await sequences('restaurant')).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
    expect(await sequences('platform')).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  it.each([
    ['Saffron Bay, tax added', '2027-03-31T18:29:59.999Z', '2027-03-31T18:30:00.000Z'],
    ['Port Clement', '2026-12-31T22:59:59.999Z', '2026-12-31T23:00:00.000Z'],
  ] as const)('of %s begin anew with the financial year of the place, by its own clock', async (place, last, first) => {
    const soldAt = (at: string) => ({ ...buildBilledOrder(place), restaurantId, endedAt: dateFrom(at) });
    const old = soldAt(last);
    // Written down late: a job that was behind.
    setClock({ frozenAt: dateFrom('2027-04-02T00:00:00.000Z') });
    const given = await numberInvoices(old, []);
    const [restaurantNext, platformNext] = await numberInvoices(soldAt(first), []);
    expect(given.map(({ number }) => number.slice(-9))).toEqual(['-26-00001', '-26-00001']);
    expect(restaurantNext?.number).toMatch(/-27-00001$/);
    expect(platformNext?.number).toMatch(/^QB(IN|FR)-27-00001$/);
    expect(await numberInvoices(old, [])).toEqual(given);
  });

  it('of the first quarter of an Indian year are of the year before', async () => {
    const sold = { ...order(), endedAt: dateFrom('2026-02-15T12:00:00.000Z') };
    expect((await numberInvoices(sold, [])).map(({ number }) => number.slice(-9))).toEqual(['-25-00001', '-25-00001']);
  });

  it('of ours are a series for each country', async () => {
    await numberInvoices(order(), []);
    const [, inFrance] = await numberInvoices({ ...buildBilledOrder('Port Clement'), restaurantId: newId() }, []);
    const [, elsewhere] = await numberInvoices({ ...buildBilledOrder('a place of yen'), restaurantId: newId() }, []);
    expect([inFrance?.number, elsewhere?.number]).toEqual(['QBFR-26-00001', 'QB-26-00001']);
  });

  it('of a refund are of who bears it, in a series of their own', async () => {
    const one = order();
    const refund = {
      id: newId(),
      amountMinor: 500,
      liableParty: 'courier',
      lines: [],
      at: dateFrom('2026-11-21T00:00:00.000Z'),
    };
    const given = await numberInvoices(one, [refund]);
    expect(given.map(({ kind, issuer }) => `${kind} ${issuer}`)).toEqual([
      'invoice restaurant',
      'invoice platform',
      'credit_note platform',
    ]);
    expect(given[2]?.number).toBe('QBINC-26-00001');
  });

  it('fit into sixteen characters', async () => {
    for (const { number } of await numberInvoices(order(), [])) expect(number.length).toBeLessThanOrEqual(16);
  });

  it('are read by index, as are refunds and documents', async () => {
    const [one, ...others] = Array.from({ length: 8 }, order);
    if (one === undefined) return;
    for (const other of [one, ...others]) await numberInvoices(other, []);
    await storeDocument(documentOf(one._id, 1));
    const plans = await explainQueries(async () => {
      await numberInvoices(one, []);
      await findBilledRefunds(newId());
      await findDocument('receipt', one._id);
    });
    expect(plans.map(({ command, indexes }) => `${command}: ${[...new Set(indexes)].join()}`)).toEqual([
      'find invoices: orderId_1_issuer_1_kind_1_sourceId_1',
      'find refunds: paymentId_1_sourceId_1',
      'find documents: kind_1_subjectId_1',
    ]);
    expect(plans[0]?.docsExamined).toBe(2);
  });
});

function documentOf(subjectId: string, version: number) {
  return {
    ...{ kind: 'receipt' as const, subjectId, version, stamp: String(version), fileName: 'x.pdf' },
    ...{ mediaType: 'application/pdf', content: Buffer.from(String(version)) },
  };
}

describe('a document', () => {
  it('made by several jobs at once is there once, in its last version', async () => {
    const subjectId = newId();
    await Promise.all([3, 1, 2, 3, 2].map((version) => storeDocument(documentOf(subjectId, version))));
    await storeDocument(documentOf(subjectId, 2));
    const rows = await documentRows().find({ kind: 'receipt', subjectId }).toArray();
    expect(rows).toMatchObject([{ version: 3, stamp: '3' }]);
    expect(Buffer.from(rows[0]?.content.value() ?? []).toString()).toBe('3');
  });
});
