import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel } from '../../../src/infra/audit/audit.model.ts';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { issueLink } from '../../../src/modules/auth/links/account-links.service.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function forgot(email: unknown) {
  return app.request.post('/api/v1/auth/password/forgot').send({ email });
}

describe('POST /auth/password/forgot', () => {
  it('is 202 without a body, promises a mail by ids alone, and is audited', async () => {
    const { email } = await createUser();
    const res = await forgot(` ${email.toUpperCase()}`);
    expect({ status: res.status, text: res.text }).toEqual({ status: 202, text: '' });
    const links = await AccountLinkModel.find().lean();
    expect(links).toMatchObject([{ kind: 'reset', email, userId: null, mac: null, usedAt: null }]);
    const linkId = links[0]?._id ?? '';
    expect(await OutboxModel.find({}, { _id: 0, event: 1, payload: 1 }).lean()).toEqual([
      { event: 'auth.link_requested', payload: { linkId, kind: 'reset' } },
    ]);
    expect(await AuditModel.findOne({ event: 'password.reset_requested' }).lean()).toMatchObject({
      subjectId: linkId,
      address: expect.stringContaining('127.0.0.1') as unknown,
    });
  });

  it('of an unknown e-mail answers the same, and no mail comes of it', async () => {
    expect((await forgot('nobody@example.com')).status).toBe(202);
    const link = await AccountLinkModel.findOne().lean();
    expect(await issueLink(link?._id ?? '')).toBeNull();
  });

  it.each(['suspended', 'deleted'] as const)('of a %s account no mail comes of it', async (status) => {
    const { email } = await createUser({ status });
    expect((await forgot(email)).status).toBe(202);
    const link = await AccountLinkModel.findOne().lean();
    expect(await issueLink(link?._id ?? '')).toBeNull();
  });

  it('is 202 for one e-mail however often it was asked for, also after three requests that were refused', async () => {
    const { email } = await createUser();
    for (let n = 0; n < 3; n += 1) {
      expect((await app.request.post('/api/v1/auth/password/forgot').send({ email, extra: 1 })).status).toBe(400);
    }
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await forgot(email)).status);
    expect(new Set(statuses)).toEqual(new Set([202]));
  });

  it.each([
    [undefined],
    [{ $ne: null }],
    [['a@example.com']],
    ['asha@example.com\r\nBcc: eve@example.com'],
    ['no mail'],
  ])('of %j is 400 and writes nothing', async (email) => {
    expect(await forgot(email)).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    expect(await AccountLinkModel.countDocuments()).toBe(0);
  });
});
