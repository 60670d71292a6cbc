import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import supertest, { type Response } from 'supertest';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { AccountLinkModel } from '../../src/modules/auth/links/account-link.model.ts';
import { RefreshTokenModel } from '../../src/modules/auth/sessions/refresh-token.model.ts';
import { SessionModel } from '../../src/modules/auth/sessions/session.model.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { PASSWORD } from '../factories/user.ts';
import { emptyAllCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { atOnce } from '../support/at-once.ts';
import { startApi, type ApiProcess } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

/** Two instances, so that nothing within one process can be the guard. */
let app: TestApp;
let elsewhere: ApiProcess;
beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startApi();
});
beforeEach(resetRateLimits);
afterEach(emptyAllCollections);
afterAll(() => app.stop());

function signUpTwenty(fields: (n: number) => object): Promise<Response[]> {
  const bases = [app.url, elsewhere.base];
  return atOnce(bases, 20, async (n) =>
    supertest(bases[n % 2] ?? '')
      .post('/api/v1/auth/signup')
      .send({ email: `asha-${String(n)}@example.com`, password: PASSWORD, name: 'Asha Rao', ...fields(n) }),
  );
}

async function expectOneAccount(answers: Response[], code: string): Promise<void> {
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter((answer) => errorOf(answer).code === code)).toHaveLength(19);
  expect(await UserModel.countDocuments()).toBe(1);
  expect(await SessionModel.countDocuments()).toBe(1);
  expect(await RefreshTokenModel.countDocuments()).toBe(1);
  expect(await AccountLinkModel.countDocuments()).toBe(1);
  expect(await OutboxModel.countDocuments({ event: 'user.signed_up' })).toBe(1);
}

describe('case 12: twenty sign-ups at once', () => {
  it('with one e-mail, in forms of their own, make one user with one session and one welcome', async () => {
    const forms = ['asha@example.com', 'ASHA@example.com', ' asha@Example.com', 'Asha@example.com '];
    await expectOneAccount(await signUpTwenty((n) => ({ email: forms[n % forms.length] })), 'email_taken');
  });

  it('with one phone make one user with one session and one welcome', async () => {
    await expectOneAccount(await signUpTwenty(() => ({ phone: '+915550100123' })), 'phone_taken');
  });
});
