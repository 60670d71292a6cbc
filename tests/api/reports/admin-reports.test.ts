import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(async () => {
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

function ask(body: object) {
  return app.request.post('/api/v1/admin/reports').set(admin.headers).send(body);
}

describe('POST /admin/reports', () => {
  it('promises a report, which a job makes and a link leads to', async () => {
    const res = await ask({ kind: 'taxes', from: '2026-10-01', to: '2026-10-31' }).expect(202);
    expect(res.body).toMatchObject({ kind: 'taxes', document: null });
    const { id } = res.body as { id: string };
    const { pathname, search } = await eventually(async () => {
      const made = await app.request.get(`/api/v1/admin/reports/${id}`).set(admin.headers).expect(200);
      return new URL((made.body as { document: { url: string } }).document.url);
    });
    const file = await app.request.get(pathname + search).expect(200);
    expect(file.headers['content-type']).toMatch(/^text\/csv/);
    expect(file.headers['content-disposition']).toContain('taxes-2026-10-01-2026-10-31.csv');
    expect(file.text).toContain('month,city,category,basis points,currency,orders,taxable,tax');
  });

  it.each([
    ['that ends before it begins', '2026-10-02', '2026-10-01'],
    ['longer than a year', '2025-01-01', '2026-01-02'],
  ])('refuses a period %s', async (_, from, to) => {
    const res = await ask({ kind: 'sales', from, to }).expect(400);
    expect(errorOf(res).code).toBe('validation_failed');
  });
});
