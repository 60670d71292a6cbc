import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInvitation } from '../../factories/staff.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { auditAbout, staffScene, storedInvitation, tokenOf } from './helpers.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(() => app.stop());

function revoke(restaurantId: string, invitationId: string, { headers }: Login) {
  return app.request.delete(`/api/v1/restaurants/${restaurantId}/invitations/${invitationId}`).set(headers);
}

describe('DELETE /restaurants/:restaurantId/invitations/:invitationId', () => {
  it('closes it, its link is worth nothing, and the audit says so', async () => {
    const { restaurantId, owner } = await staffScene();
    const guest = await logInAs();
    const { _id } = await createInvitation({ restaurantId, email: guest.user.email });
    const token = await tokenOf(_id);
    await revoke(restaurantId, _id, owner).expect(204);
    expect(await storedInvitation(_id)).toMatchObject({ status: 'revoked', tokenMac: null });
    const late = await app.request.post('/api/v1/staff-invitations/accept').set(guest.headers).send({ token });
    expect([late.status, errorOf(late).code]).toEqual([400, 'link_invalid']);
    await expect(tokenOf(_id)).rejects.toThrow('closed');
    expect(await auditAbout(restaurantId)).toMatchObject([
      { event: 'staff.invitation_revoked', before: { invitationId: _id, role: 'kitchen' } },
    ]);
    await revoke(restaurantId, _id, owner).expect(404);
  });

  it('is 404 for another restaurant’s, also under one’s own path, 403 for staff, 401 without a token', async () => {
    const { restaurantId, owner, manager, stranger } = await staffScene();
    const [ours, theirs] = [await createInvitation({ restaurantId }), await createInvitation()];
    await revoke(restaurantId, theirs._id, owner).expect(404);
    await revoke(restaurantId, ours._id, stranger).expect(404);
    await revoke(restaurantId, ours._id, manager).expect(403);
    await app.request.delete(`/api/v1/restaurants/${restaurantId}/invitations/${ours._id}`).expect(401);
    expect((await storedInvitation(ours._id))?.status).toBe('open');
    expect((await storedInvitation(theirs._id))?.status).toBe('open');
  });
});
