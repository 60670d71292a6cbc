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
  it('of many orders at once, each of them twice, are given once and without a gap', async () => {
    await numberInvoices(order(), []);
    const orders = Array.from({ length: 6 }, order);
    const results = await Promise.allSettled([...orders, ...orders].map((one) => numberInvoices(one, [])));
    // What lost is repeated by its job.
    for (const one of orders) await numberInvoices(one, []);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await sequences('restaurant')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await sequences('platform')).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('begin anew with the year of the place, and stay what they were', async () => {
    const first = order();
    setClock({ frozenAt: dateFrom('2026-12-31T18:29:00.000Z') });
    const given = await numberInvoices(first, []);
    setClock({ frozenAt: dateFrom('2026-12-31T18:30:00.000Z') });
    const [next] = await numberInvoices(order(), []);
    expect(given[0]?.number).toMatch(/-26-00001$/);
    expect(next?.number).toMatch(/-27-00001$/);
    expect(await numberInvoices(first, [])).toEqual(given);
  });

  it('of a refund are of who bears it, in a series of their own', async () => {
    const one = order();
    const refund = { id: newId(), amountMinor: 500, liableParty: 'courier', at: dateFrom(0) };
    const given = await numberInvoices(one, [refund]);
    expect(given.map(({ kind, issuer }) => `${kind} ${issuer}`)).toEqual([
      'invoice restaurant',
      'invoice platform',
      'credit_note platform',
    ]);
    expect(given[2]?.number).toMatch(/^QBC-\d\d-00001$/);
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
