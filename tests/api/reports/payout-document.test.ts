import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getStatement } from '../../../src/modules/ledger/index.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { statementOf } from '../../../src/modules/reports/papers/statement.ts';
import { renderPaper } from '../../../src/modules/reports/papers/render-paper.ts';
import { createEarning } from '../../factories/ledger.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs } from '../../support/log-in.ts';
import { readPdf } from '../../support/read-pdf.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('GET /payouts/:payoutId/document', () => {
  it('leads its owner to a PDF of its rows and their sum, and nobody else', async () => {
    const [owner, stranger] = await Promise.all([
      logInAs({ roles: ['restaurant'] }),
      logInAs({ roles: ['restaurant', 'courier'] }),
    ]);
    await createEarning({ restaurant: owner.userId, amountMinor: 123_457 });
    await createEarning({ restaurant: owner.userId, amountMinor: 2_001 });
    const [payoutId = ''] = await runPayouts();
    const path = `/api/v1/payouts/${payoutId}/document`;
    await app.request.get(path).set(stranger.headers).expect(404);
    const { pathname, search } = await eventually(async () => {
      const res = await app.request.get(path).set(owner.headers).expect(200);
      return new URL((res.body as { url: string }).url);
    });
    const res = await app.request.get(pathname + search).expect(200);
    expect(res.headers['content-type']).toBe('application/pdf');
    const text = (await readPdf(await renderPaper(statementOf(await getStatement(payoutId))))).join(' ');
    for (const figure of ['1,234.57', '20.01', 'Total ₹1,254.58', payoutId]) expect(text).toContain(figure);
    for (const said of [owner.user.name, 'Asia/Kolkata', 'Refund charged']) expect(text).toContain(said);
    expect(text).not.toContain('refund charge ');
  });

  it('names the reference of the bank once it is paid', async () => {
    const [owner, admin] = await Promise.all([logInAs({ roles: ['restaurant'] }), logInAs({ roles: ['admin'] })]);
    await createEarning({ restaurant: owner.userId, amountMinor: 123_457 });
    const [payoutId = ''] = await runPayouts();
    const words = async () => {
      const asked = await app.request.get(`/api/v1/payouts/${payoutId}/document`).set(owner.headers).expect(200);
      const { pathname, search } = new URL((asked.body as { url: string }).url);
      const res = await app.request
        .get(pathname + search)
        .buffer(true)
        .parse((from, done) => {
          const chunks: Buffer[] = [];
          from.on('data', (chunk: Buffer) => chunks.push(chunk));
          from.on('end', () => {
            done(null, Buffer.concat(chunks));
          });
        });
      return (await readPdf(res.body as Buffer)).join(' ');
    };
    await eventually(async () => {
      expect(await words()).toContain(payoutId);
    });
    await app.request
      .post(`/api/v1/admin/payouts/${payoutId}/paid`)
      .set(admin.headers)
      .send({ reference: '=NEFT 42' })
      .expect(200);
    await eventually(async () => {
      expect(await words()).toContain('Bank reference =NEFT 42');
      const res = await app.request.get(`/api/v1/payouts/${payoutId}`).set(owner.headers).expect(200);
      const { pathname, search } = new URL((res.body as { statement: { url: string } }).statement.url);
      expect((await app.request.get(pathname + search).expect(200)).text).toContain("total,paid,'=NEFT 42,");
    });
  });
});
