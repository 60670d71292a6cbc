import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listStaffRoute } from '../../../src/modules/staff/staff.schema.ts';
import { secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createInvitation } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { staffPath, staffScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('GET /restaurants/:restaurantId/staff', () => {
  it('lists the owner, who works there and who is invited, and neither closed invitations nor other restaurants', async () => {
    const scene = await staffScene();
    const { restaurantId, owner, manager, kitchen } = scene;
    const invited = await createInvitation({ restaurantId });
    await createInvitation({ restaurantId, status: 'revoked' });
    await createInvitation({ restaurantId, expiresAt: secondsFromNow(-1) });
    await createInvitation();
    const res = await app.request.get(staffPath(scene)).set(owner.headers).expect(200);
    expectContract(listStaffRoute, res);
    const { data } = res.body as { data: { role: string; email: string; status: string }[] };
    expect(data.map(({ email, role, status }) => [email, role, status])).toEqual([
      [owner.user.email, 'owner', 'active'],
      [manager.user.email, 'manager', 'active'],
      [kitchen.user.email, 'kitchen', 'active'],
      [invited.email, 'kitchen', 'invited'],
    ]);
    expect(res.text).not.toMatch(/tokenMac|passwordHash|sessionVersion/);
  });

  it('shows a manager the same, and is 403 for the kitchen, 404 for others, 401 without a token', async () => {
    const scene = await staffScene();
    const [asOwner, asManager] = await Promise.all(
      [scene.owner, scene.manager].map(({ headers }) => app.request.get(staffPath(scene)).set(headers).expect(200)),
    );
    expect(asManager?.text).toBe(asOwner?.text);
    await app.request.get(staffPath(scene)).set(scene.kitchen.headers).expect(403);
    await app.request.get(staffPath(scene)).set(scene.stranger.headers).expect(404);
    await app.request
      .get(staffPath({ restaurantId: newId() }))
      .set(scene.owner.headers)
      .expect(404);
    await app.request
      .get(staffPath({ restaurantId: 'x' }))
      .set(scene.owner.headers)
      .expect(400);
    for (const role of ['customer', 'courier', 'support', 'admin'] as const) {
      const { headers } = await logInAs({ roles: [role] });
      await app.request.get(staffPath(scene)).set(headers).expect(403);
    }
    await app.request.get(staffPath(scene)).expect(401);
  });
});
