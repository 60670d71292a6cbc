import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import { getUserForAdmin, listUsers, updateUser } from './admin-users.controller.ts';

export const adminUsersRouter = createRouter();

const admin = [authenticate, authorize('users.manage'), rateLimit('admin')];

adminUsersRouter.get('/admin/users', admin, listUsers);
adminUsersRouter.get('/admin/users/:userId', admin, getUserForAdmin);
adminUsersRouter.patch('/admin/users/:userId', admin, updateUser);
