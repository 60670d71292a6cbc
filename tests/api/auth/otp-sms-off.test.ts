import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OutboxModel } from '../../../src/infra/queue/outbox.model.ts';
import { PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';

const PHONE = '+919955501234';
const UNAVAILABLE = { status: 503, body: { error: { code: 'sms_unavailable' } } };

let app: TestApp;
beforeAll(async () => {
  // No account to send from: what the test environment says unless a file starts the local cloud.
  app = await startTestApp();
  await resetRateLimits();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

it('POST /auth/otp/request without an SMS account is 503, and promises nothing', async () => {
  const res = await app.request.post('/api/v1/auth/otp/request').send({ channel: 'sms', phone: PHONE });
  expect(res).toMatchObject(UNAVAILABLE);
  expect(await OutboxModel.countDocuments()).toBe(0);
});

it('POST /auth/phone/verify/request without an SMS account is 503', async () => {
  const { headers } = await logInAs();
  const body = { phone: PHONE, password: PASSWORD };
  const res = await app.request.post('/api/v1/auth/phone/verify/request').set(headers).send(body);
  expect(res).toMatchObject(UNAVAILABLE);
});

it('POST /auth/otp/request by e-mail without an SMS account is 202', async () => {
  const body = { channel: 'email', email: 'asha@example.com' };
  expect((await app.request.post('/api/v1/auth/otp/request').send(body)).status).toBe(202);
  expect(await OutboxModel.countDocuments()).toBe(1);
});
