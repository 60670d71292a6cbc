import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PreferencesModel } from '../../../src/modules/users/preferences.model.ts';
import { getPreferencesRoute } from '../../../src/modules/users/preferences.schema.ts';
import { ROLES } from '../../../src/shared/actor.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const PATH = '/api/v1/me/preferences';
const ALL_OFF = { email: false, sms: false, push: false };
const DEFAULTS = {
  channels: { orderUpdates: { email: true, sms: false, push: true }, offers: ALL_OFF },
  quietHours: null,
  language: 'en',
  replacementChoice: 'substitute',
};
const QUIET = {
  channels: { orderUpdates: { email: true, sms: true, push: false }, offers: ALL_OFF },
  quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Kolkata' },
  language: 'hi',
  replacementChoice: 'cancel',
};

describe('GET /me/preferences', () => {
  it.each(ROLES)('of a %s who never set any shows the defaults, and writes none', async (role) => {
    const { headers } = await logInAs({ roles: [role] });
    const res = await app.request.get(PATH).set(headers);
    expectContract(getPreferencesRoute, answerOf(res));
    expect(res.body).toEqual(DEFAULTS);
    expect(await PreferencesModel.countDocuments()).toBe(0);
  });
});

describe('PUT /me/preferences', () => {
  it('replaces all of them, and the profile speaks the language', async () => {
    const { headers } = await logInAs();
    const other = await logInAs();
    const res = await app.request.put(PATH).set(headers).send(QUIET);
    expect(answerOf(res)).toEqual({ status: 200, body: QUIET });
    await app.request
      .put(PATH)
      .set(headers)
      .send({ ...QUIET, quietHours: null })
      .expect(200);
    expect((await app.request.get(PATH).set(headers)).body).toEqual({ ...QUIET, quietHours: null });
    expect((await app.request.get('/api/v1/me').set(headers)).body).toMatchObject({ language: 'hi' });
    expect((await app.request.get(PATH).set(other.headers)).body).toEqual(DEFAULTS);
  });

  it.each([
    ['a part left out', { ...QUIET, channels: undefined }],
    ['another language', { ...QUIET, language: 'xx' }],
    ['a channel too many', { ...QUIET, channels: { ...QUIET.channels, orderUpdates: { ...ALL_OFF, fax: true } } }],
    ['an hour that no clock shows', { ...QUIET, quietHours: { ...QUIET.quietHours, from: '24:00' } }],
    ['quiet hours without length', { ...QUIET, quietHours: { ...QUIET.quietHours, to: '22:00' } }],
    ['a time zone of nowhere', { ...QUIET, quietHours: { ...QUIET.quietHours, timeZone: 'Mars/Olympus' } }],
    ['a choice of its own', { ...QUIET, replacementChoice: 'surprise' }],
  ])('with %s is 400 and changes nothing', async (_what, body) => {
    const { headers } = await logInAs();
    const res = await app.request.put(PATH).set(headers).send(body);
    expect(res).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
    expect(await PreferencesModel.countDocuments()).toBe(0);
  });
});
