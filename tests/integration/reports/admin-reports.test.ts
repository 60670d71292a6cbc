import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { RefundModel } from '../../../src/modules/payments/refunds/refund.model.ts';
import { getReport, makeReport, requestReport } from '../../../src/modules/reports/admin-reports.service.ts';
import { openDocument } from '../../../src/modules/reports/documents.service.ts';
import type { ReportKind } from '../../../src/modules/reports/report.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { dateFrom, now } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createCapturedOrder, createRefund } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { explainQueries } from '../../support/watch-commands.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const ADMIN: Actor = { userId: newId(), roles: ['admin'], sessionId: newId() };

async function make(kind: ReportKind, from = '2026-10-01', to = '2026-10-31'): Promise<string[]> {
  const { _id } = await requestReport({ kind, from, to }, ADMIN);
  await makeReport(_id);
  const { document } = await getReport(_id);
  const { searchParams, pathname } = new URL(document?.url ?? '');
  const [documentId = '', expires] = [pathname.split('/').at(-1), Number(searchParams.get('expires'))];
  const { content } = await openDocument({ documentId, expires, signature: searchParams.get('signature') ?? '' });
  return content.toString().trim().split('\n').slice(1);
}

async function soldAt(endedAt: string, restaurantId: string): Promise<void> {
  const { _id } = await createOrderIn('delivered', { restaurantId });
  await OrderModel.updateOne({ _id }, { endedAt: dateFrom(endedAt) });
}

describe('reports', () => {
  it('of sales add up restaurant and day, as the clock hangs there', async () => {
    const restaurantId = newId();
    // Half past midnight in Kolkata, the first two of the same day.
    for (const at of ['2026-10-10T18:30:00.000Z', '2026-10-11T18:29:00.000Z', '2026-10-11T18:30:00.000Z']) {
      await soldAt(at, restaurantId);
    }
    await soldAt('2026-09-30T18:29:00.000Z', restaurantId);
    await createOrderIn('accepted', { restaurantId });
    expect(await make('sales')).toEqual([
      `2026-10-11,${restaurantId},Pepper House,INR,2,120.00,0.00,78.00,6.00,20.00,224.00`,
      `2026-10-12,${restaurantId},Pepper House,INR,1,60.00,0.00,39.00,3.00,10.00,112.00`,
    ]);
  });

  it('of taxes add up month, category and rate', async () => {
    for (const at of ['2026-10-10T12:00:00.000Z', '2026-10-12T12:00:00.000Z']) await soldAt(at, newId());
    expect(await make('taxes')).toEqual(['2026-10,,food,500,INR,2,120.00,6.00']);
  });

  it('of taxes tell what is taxed before the tax, also where prices contain it', async () => {
    await soldAt('2026-10-10T12:00:00.000Z', newId());
    await OrderModel.updateMany({}, { 'pricing.pricesIncludeTax': true });
    expect(await make('taxes')).toEqual(['2026-10,,food,500,INR,1,57.00,3.00']);
  });

  it('of refunds tell who bears them, once they are made', async () => {
    const order = await createCapturedOrder();
    const today = now().toISOString().slice(0, 10);
    const made = [await createRefund(order, { amountMinor: 500 }), await createRefund(order, { amountMinor: 250 })];
    await createRefund(order, { amountMinor: 100 });
    for (const { _id } of made) await RefundModel.updateOne({ _id }, { status: 'succeeded' });
    expect(await make('refunds', today, today)).toEqual(['restaurant,support,INR,2,7.50']);
    expect(await make('refunds', '2026-01-01', '2026-01-31')).toEqual([]);
  });

  it('read what they are about and no more', async () => {
    await soldAt('2026-10-10T12:00:00.000Z', newId());
    for (let n = 0; n < 5; n += 1) await soldAt('2026-03-10T12:00:00.000Z', newId());
    const plans = await explainQueries(async () => {
      await make('taxes');
      await make('refunds');
    });
    const read = plans.filter(({ command }) => /^find (orders|refunds|zones)$/.test(command));
    expect(read.map(({ command, indexes }) => `${command}: ${[...new Set(indexes)].join()}`)).toEqual([
      'find orders: received',
      'find zones: area',
      'find refunds: _id_',
    ]);
    expect(read.map(({ docsExamined }) => docsExamined)).toEqual([1, 0, 0]);
    for (const { stages } of read) expect(stages).not.toContain('SORT');
  });
});
