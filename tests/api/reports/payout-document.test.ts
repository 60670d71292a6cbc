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
});
