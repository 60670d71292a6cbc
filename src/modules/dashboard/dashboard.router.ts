import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import { getDashboard } from './dashboard.controller.ts';

export const dashboardRouter = createRouter();

dashboardRouter.get('/dashboard', authenticate, authorize('account.use'), rateLimit('account'), getDashboard);
