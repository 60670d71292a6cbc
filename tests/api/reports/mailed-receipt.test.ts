import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { macOf } from '../../../src/modules/auth/index.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { findReceiptToMail } from '../../../src/modules/reports/mailed-receipt.service.ts';
import { makeOrderDocuments } from '../../../src/modules/reports/order-documents.service.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createCapturedOrder } from '../../factories/refund.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

function linkOf(order: OrderRecord): string {
  const { pathname, search } = new URL(findReceiptToMail(order)?.url ?? '');
  return pathname + search;
}

function open(path: string, headers: Record<string, string> = BROWSER) {
  return app.request
    .get(path)
    .set(headers)
    .buffer()
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
}

describe('GET /receipts/:orderId', () => {
  it('by the link of the mail waits on a page for the PDF, then gives it, without a log-in', async () => {
    const order = await createCapturedOrder();
    const waiting = await open(linkOf(order)).expect(202);
    expect(waiting.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(String(waiting.body)).toMatch(/http-equiv="refresh"[\s\S]*being made/);
    await makeOrderDocuments(order._id);
    const made = await open(linkOf(order)).expect(200);
    expect(made.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
    expect((await readPdf(made.body as Buffer)).join(' ')).toContain(order.number);
  });

  it('names nobody in its address, and is the same at each attempt of the mail', async () => {
    const order = await createCapturedOrder();
    const link = linkOf(order);
    setClock({ offsetMs: 60_000 });
    expect(linkOf(order)).toBe(link);
    expect(link).toMatch(/^\/api\/v1\/receipts\/[\da-f]{24}\?expires=\d+&signature=[\da-f]{64}$/);
  });

  it('expired, forged, of another order, or of none shows the same page, which says what to do', async () => {
    const [order, other] = [await createCapturedOrder(), await createCapturedOrder()];
    await makeOrderDocuments(order._id);
    const [expires, unknown] = [Math.floor(Date.parse('2030-01-01') / 1000), newId()];
    const free = await createOrderIn('cancelled');
    const paths = [
      linkOf(other).replace(other._id, order._id),
      linkOf(order).replace(/signature=..../, 'signature=0000'),
      `/api/v1/receipts/${order._id}`,
      `/api/v1/receipts/${order._id}?expires=${expires}&signature=${macOf('document', `${order._id}.${expires}`)}`,
      `/api/v1/receipts/${unknown}?expires=${expires}&signature=${macOf('receipt', `${unknown}.${expires}`)}`,
      `/api/v1/receipts/${free._id}?expires=${expires}&signature=${macOf('receipt', `${free._id}.${expires}`)}`,
    ];
    const pages = new Set<string>();
    for (const path of paths) pages.add(String((await open(path).expect(404)).body));
    setClock({ offsetMs: config.money.receiptLinkSeconds * 1000 + 60_000 });
    pages.add(String((await open(linkOf(order)).expect(404)).body));
    expect(pages.size).toBe(1);
    expect([...pages][0]).toMatch(/Sign in[\s\S]*Connectez-vous/);
    expect([...pages][0]).toContain(`href="${config.server.appUrl}/orders"`);
    await app.request
      .get(linkOf(order))
      .expect(404)
      .expect(({ text }) => {
        expect(text).toContain('"not_found"');
      });
  });

  it.each([
    ['no_show', { amountDueMinor: null, liableParty: 'customer' }, 'Not collected'],
    ['cancelled', { amountDueMinor: 1_050, liableParty: 'customer' }, 'Cancellation fee'],
  ] as const)('of an order that ended as %s at a cost says what was due, and why', async (status, set, said) => {
    const created = await createCapturedOrder();
    const amountDueMinor = set.amountDueMinor ?? created.amountDueMinor;
    const order = await OrderModel.findOneAndUpdate(
      { _id: created._id },
      { status, amountDueMinor, liableParty: set.liableParty },
      { returnDocument: 'after' },
    )
      .orFail()
      .lean();
    await makeOrderDocuments(order._id);
    const text = (await readPdf((await open(linkOf(order)).expect(200)).body as Buffer)).join(' ');
    expect(text).toContain(said);
    expect(text).toContain(`Paid in the end ₹${(amountDueMinor / 100).toFixed(2)}`);
  });
});
