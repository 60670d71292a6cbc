import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeStaffRoleRoute } from '../../../src/modules/staff/staff.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createOrderIn } from '../../factories/order.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { hashDatabase } from '../../support/database-hash.ts';
import { expectContract } from '../../support/expect-contract.ts';
import type { Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { auditAbout, staffPath, staffScene } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

/** To the kitchen unless it says otherwise. */
function change(path: string, { headers }: Login, body: object = { role: 'kitchen' }) {
  return app.request.patch(path).set(headers).send(body);
}

describe('PATCH /restaurants/:restaurantId/staff/:userId', () => {
  it('changes the role, with an audit line, and from the next request on', async () => {
    const scene = await staffScene();
    const { restaurantId, owner, manager } = scene;
    const order = await createOrderIn('placed', { restaurantId });
    const path = `/api/v1/orders/${order._id}`;
    const seen = await app.request.get(path).set(manager.headers).expect(200);
    expect(seen.body).toMatchObject({ pricing: { total: { amount: 11_200 } } });
    const res = await change(staffPath(scene, manager.userId), owner).expect(200);
    expectContract(changeStaffRoleRoute, res);
    expect(res.body).toMatchObject({ userId: manager.userId, role: 'kitchen', status: 'active' });
    const after = await app.request.get(path).set(manager.headers).expect(200);
    expect(after.body).toMatchObject({ pricing: null });
    const reject = app.request.post(`${path}/reject`).set(manager.headers).set('Idempotency-Key', newId());
    await reject.send({ reason: 'too_busy' }).expect(403);
    expect(await auditAbout(manager.userId)).toMatchObject([
      {
        ...{ event: 'staff.role_changed', actorId: owner.userId },
        ...{ before: { restaurantId, role: 'manager' }, after: { restaurantId, role: 'kitchen' } },
      },
    ]);
  });

  it('to the role that is held already says so, and writes no audit line', async () => {
    const scene = await staffScene();
    await change(staffPath(scene, scene.kitchen.userId), scene.owner).expect(200);
    expect(await auditAbout(scene.kitchen.userId)).toEqual([]);
  });

  it('shows no totals in an answer that is replayed after the role is gone', async () => {
    const scene = await staffScene();
    const { restaurantId, owner, manager } = scene;
    const order = await createOrderIn('placed', { restaurantId });
    const accept = () =>
      app.request
        .post(`/api/v1/orders/${order._id}/accept`)
        .set({ ...manager.headers, 'Idempotency-Key': 'the-same' })
        .send({ prepMinutes: 15 })
        .expect(200);
    expect((await accept()).body).toMatchObject({ pricing: {} });
    await change(staffPath(scene, manager.userId), owner).expect(200);
    const replay = await accept();
    expect(replay.headers['idempotent-replayed']).toBe('true');
    expect(replay.body).toMatchObject({ pricing: null, status: 'accepted' });
  });

  it('is 403 for the owner’s own place, and for staff who would raise themselves', async () => {
    const scene = await staffScene();
    const { owner, manager, kitchen } = scene;
    const before = await hashDatabase({ except: ['audit_log'] });
    await change(staffPath(scene, owner.userId), owner).expect(403);
    await change(staffPath(scene, kitchen.userId), kitchen, { role: 'manager' }).expect(403);
    await change(staffPath(scene, kitchen.userId), manager, { role: 'manager' }).expect(403);
    await change(staffPath(scene, owner.userId), manager).expect(403);
    for (const role of ['owner', 'admin', null])
      await change(staffPath(scene, kitchen.userId), owner, { role }).expect(400);
    expect(await hashDatabase({ except: ['audit_log'] })).toEqual(before);
  });

  it('is 404 for who does not work there, and for strangers', async () => {
    const scene = await staffScene();
    await change(staffPath(scene, scene.stranger.userId), scene.owner).expect(404);
    await change(staffPath(scene, scene.kitchen.userId), scene.stranger).expect(404);
    await change(staffPath(scene, newId()), scene.owner).expect(404);
    await change(staffPath(scene, 'x'), scene.owner).expect(400);
  });
});
