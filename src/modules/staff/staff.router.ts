import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import * as controller from './staff.controller.ts';

export const staffRouter = createRouter();

const account = [authenticate, authorize('account.use'), rateLimit('account')];
const read = [authenticate, authorize('staff.read'), rateLimit('account')];
const invite = [authenticate, authorize('staff.manage'), rateLimit('invite')];
const manage = [authenticate, authorize('staff.manage'), rateLimit('account')];
const guest = [authenticate, authorize('account.use'), rateLimit('link')];

staffRouter.get('/me/workplaces', account, controller.listWorkplaces);

staffRouter.get('/restaurants/:restaurantId/staff', read, controller.listStaff);
staffRouter.post('/restaurants/:restaurantId/staff', invite, controller.inviteStaff);
staffRouter.patch('/restaurants/:restaurantId/staff/:userId', manage, controller.changeStaffRole);
staffRouter.delete('/restaurants/:restaurantId/staff/:userId', manage, controller.removeStaff);
staffRouter.delete('/restaurants/:restaurantId/invitations/:invitationId', manage, controller.revokeInvitation);

staffRouter.post('/staff-invitations/accept', guest, controller.acceptInvitation);
