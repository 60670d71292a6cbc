import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { macOf } from '../../../src/modules/auth/index.ts';
import type { OrderRecord } from '../../../src/modules/orders/index.ts';
import { applyRefund } from '../../../src/modules/payments/refunds/refund-job.service.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createCapturedOrder, createRefund } from '../../factories/refund.ts';
import { createMember } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { readPdf } from '../../support/read-pdf.ts';

let app: TestApp;
let customer: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  await resetRateLimits();
  customer = await logInAs();
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

function ask({ _id }: Pick<OrderRecord, '_id'>, kind: string, login = customer) {
  return app.request.get(`/api/v1/orders/${_id}/${kind}`).set(login.headers);
}

/** The path of its link, once the job has made it. */
async function linkOf(order: OrderRecord, kind = 'receipt', login = customer): Promise<string> {
  return eventually(async () => {
    const res = await ask(order, kind, login).expect(200);
    const { pathname, search } = new URL((res.body as { url: string }).url);
    return pathname + search;
  });
}

function download(path: string) {
  return app.request
    .get(path)
    .buffer()
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
}

async function textOf(path: string): Promise<string> {
  const res = await download(path).expect(200);
  return (await readPdf(res.body as Buffer)).join(' ');
}

async function refund(order: OrderRecord, amountMinor: number): Promise<void> {
  const { _id: refundId, attempt, currency } = await createRefund(order, { amountMinor });
  await withTransaction((tx) =>
    applyRefund(tx, {
      ...{ refundId, attempt, amountMinor, currency, providerRefundId: `re_${refundId}`, intentId: null },
      ...{ status: 'succeeded', failureCode: null },
    }),
  );
}

describe('GET /orders/:orderId/receipt and /invoice', () => {
  it('once it is delivered lead to PDFs to save, which nobody keeps', async () => {
    const order = await createCapturedOrder({ customerId: customer.userId });
    const res = await download(await linkOf(order)).expect(200);
    expect(res.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename=receipt-${order.number}.pdf`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect((res.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    const text = await textOf(await linkOf(order, 'invoice'));
    expect(text).toMatch(new RegExp(`${order.restaurantId.slice(-6).toUpperCase()}-\\d\\d-00001`));
    expect(text).toContain('Paid in the end ₹112.00');
    // Neither of the customer: an account that is deleted leaves nothing here.
    expect(text).not.toContain('Lighthouse');
  });

  it('are made anew with a refund, and the invoice gets a credit note under its old number', async () => {
    const order = await createCapturedOrder({ customerId: customer.userId });
    const before = /[0-9A-F]{6}-\d\d-00001/.exec(await textOf(await linkOf(order, 'invoice')))?.[0];
    await refund(order, 1_234);
    expect((await ask(order, 'receipt')).status).toBeOneOf([200, 202]);
    await eventually(async () => {
      expect(await textOf(await linkOf(order))).toContain('Paid in the end ₹99.66');
    });
    const text = await textOf(await linkOf(order, 'invoice'));
    expect(text).toContain(`For invoice ${before}`);
    expect(text).toMatch(/[0-9A-F]{6}C-\d\d-00001/);
    expect(text).not.toMatch(/-00002/);
  });

  it('while the food is under way are 409', async () => {
    const order = await createOrderIn('accepted', { customerId: customer.userId });
    const res = await ask(order, 'receipt');
    expect([res.status, errorOf(res)]).toMatchObject([409, { code: 'invalid_transition' }]);
  });

  it('are for the customer, the owner, a manager and the office; for nobody else there is no such order', async () => {
    const order = await createCapturedOrder({ customerId: customer.userId });
    const { restaurantId } = order;
    const [manager, cook, stranger, support, courier] = await Promise.all([
      logInAs({ roles: ['restaurant'] }),
      logInAs({ roles: ['restaurant'] }),
      logInAs({ roles: ['customer', 'restaurant'] }),
      logInAs({ roles: ['support'] }),
      logInAs({ roles: ['courier'] }),
    ]);
    await createMember({ restaurantId, userId: manager.userId, role: 'manager' });
    await createMember({ restaurantId, userId: cook.userId, role: 'kitchen' });
    for (const login of [manager, support]) expect((await ask(order, 'invoice', login)).status).toBeOneOf([200, 202]);
    await ask(order, 'invoice', stranger).expect(404);
    for (const login of [cook, courier]) await ask(order, 'receipt', login).expect(403);
    await ask({ _id: newId() }, 'receipt').expect(404);
  });
});

describe('GET /documents/:documentId', () => {
  it('forged, expired or of another document answers like one that never was', async () => {
    const order = await createCapturedOrder({ customerId: customer.userId });
    const [link, other] = [await linkOf(order), await linkOf(order, 'invoice')];
    const signed = (id: string, expires: number, mac: string) => `${id}?expires=${expires}&signature=${mac}`;
    const { id, expires, mac } = partsOf(link);
    const [{ id: otherId }, unknown, later] = [partsOf(other), newId(), expires + 60];
    const tokens = [
      ...[signed(otherId, expires, mac), signed(id, later, mac), signed(id, expires, '0'.repeat(64)), id],
      // The keys of other links, and a document that is gone.
      ...[
        signed(id, expires, macOf('export', `${id}.${expires}`)),
        signed(id, expires, macOf('statement', `${id}.${expires}`)),
      ],
      signed(unknown, expires, macOf('document', `${unknown}.${expires}`)),
    ];
    const answers = new Set<string>();
    for (const token of tokens) answers.add(await refusal(token));
    setClock({ offsetMs: config.money.documentTtlSeconds * 1000 });
    answers.add(await refusal(signed(id, expires, mac)));
    expect([...answers]).toEqual([expect.stringMatching(/^404 .*not_found/)]);
    setClock(null);
    await download(link).expect(200);
  });

  function partsOf(link: string) {
    const { pathname, searchParams } = new URL(link, 'http://localhost');
    const expires = Number(searchParams.get('expires'));
    return { id: pathname.split('/').at(-1) ?? '', expires, mac: searchParams.get('signature') ?? '' };
  }

  async function refusal(token: string): Promise<string> {
    const res = await app.request.get(`/api/v1/documents/${token}`);
    return `${res.status} ${res.text.replace(/"requestId":"[^"]*"/, '')}`;
  }
});
