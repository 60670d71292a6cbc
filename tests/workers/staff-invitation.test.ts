import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { clearMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from '../local-cloud/support.ts';
import { emptyCollections } from '../setup/empty-collections.ts';

let cloud: RunningCloud;
/** Loaded once the mail server's address is in the environment, which the configuration reads at its first import. */
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, logIn, restaurant, outbox] = await Promise.all([
    import('../support/app.ts'),
    import('../support/log-in.ts'),
    import('../factories/restaurant.ts'),
    import('../../src/infra/queue/outbox.model.ts'),
  ]);
  return { ...logIn, ...restaurant, ...outbox, app: await app.startTestApp({ withWorker: true }) };
}

beforeAll(async () => {
  cloud = await startCloud();
  vi.stubEnv('SMTP_URL', cloud.cloud.smtpUrl);
  src = await load();
});
afterEach(async () => {
  await clearMail(cloud.cloud.inboxUrl);
  await emptyCollections();
});
afterAll(async () => {
  await src.app.stop();
  await cloud.stop();
  vi.unstubAllEnvs();
});

it('an invitation is mailed with a link that its guest can accept, and neither row nor job holds the token', async () => {
  const [owner, guest] = await Promise.all([src.logInAs({ roles: ['restaurant'] }), src.logInAs()]);
  const { _id: restaurantId } = await src.createRestaurant({ ownerId: owner.userId, name: '<b>Pepper</b> & Co' });
  await src.app.request
    .post(`/api/v1/restaurants/${restaurantId}/staff`)
    .set(owner.headers)
    .send({ email: guest.user.email, role: 'manager' })
    .expect(201);
  const mail = await waitForMail(cloud.cloud.inboxUrl, { to: guest.user.email });
  expect(mail.subject).toBe('Work at <b>Pepper</b> & Co');
  expect(mail.html).not.toContain('<b>Pepper</b>');
  // Nothing that the owner typed about a person, nor who the owner is.
  expect(JSON.stringify(mail)).not.toContain(owner.user.email);
  const token = /\/join-restaurant#token=([\w-]+)/.exec(mail.text)?.[1] ?? '';
  expect(JSON.stringify(await src.OutboxModel.find().lean())).not.toContain(token);
  const joined = await src.app.request
    .post('/api/v1/staff-invitations/accept')
    .set(guest.headers)
    .send({ token })
    .expect(200);
  expect(joined.body).toEqual({ restaurantId, role: 'manager' });
});
