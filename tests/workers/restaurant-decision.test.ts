import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { clearMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { startCloud, type RunningCloud } from '../local-cloud/support.ts';
import { emptyCollections } from '../setup/empty-collections.ts';

let cloud: RunningCloud;
/** Loaded once the mail server's address is in the environment, which the configuration reads at its first import. */
let src: Awaited<ReturnType<typeof load>>;

async function load() {
  const [app, logIn, complete, mails, notifications] = await Promise.all([
    import('../support/app.ts'),
    import('../support/log-in.ts'),
    import('../factories/complete-restaurant.ts'),
    import('../../src/modules/notifications/restaurant-mail.service.ts'),
    import('../../src/modules/notifications/notification.model.ts'),
  ]);
  return { ...logIn, ...complete, ...mails, ...notifications, app: await app.startTestApp({ withWorker: true }) };
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

async function decide(body: { status: string; reason?: string }) {
  const [owner, admin] = await Promise.all([src.logInAs({ roles: ['restaurant'] }), src.logInAs({ roles: ['admin'] })]);
  const { _id } = await src.createCompleteRestaurant({
    ...{ ownerId: owner.userId, name: '<b>Pepper</b> & Co', status: 'in_review', submittedAt: null },
  });
  await src.app.request
    .put(`/api/v1/admin/restaurants/${_id}/status`)
    .set({ ...admin.headers, 'If-Match': '"0"' })
    .send(body)
    .expect(200);
  return { _id, owner };
}

describe('a decision of the office', () => {
  it('is mailed to the owner with its reason, and names shown as text', async () => {
    const { _id, owner } = await decide({ status: 'draft', reason: 'The address is on no map.' });
    const mail = await waitForMail(cloud.cloud.inboxUrl, { to: owner.user.email });
    expect(mail.subject).toBe('<b>Pepper</b> & Co cannot go live yet');
    expect(mail.text).toContain('The reason: The address is on no map.');
    expect(mail.text).toContain(`/console/restaurants/${_id}`);
    expect(mail.html).not.toContain('<b>Pepper</b>');
  });

  it('that lets it live is mailed without a reason', async () => {
    const { owner } = await decide({ status: 'live' });
    const mail = await waitForMail(cloud.cloud.inboxUrl, { to: owner.user.email });
    expect(mail.subject).toBe('<b>Pepper</b> & Co is live');
    expect(mail.text).not.toContain('reason');
  });

  it('that is past by the time the mail is due is not mailed', async () => {
    const { _id: restaurantId } = await src.createCompleteRestaurant({ status: 'in_review' });
    await src.sendRestaurantDecision({ restaurantId, version: 7, decision: 'refuse' });
    expect(await src.NotificationModel.findById(`restaurant-decided-${restaurantId}-7`).lean()).toMatchObject({
      status: 'dropped',
    });
  });
});
