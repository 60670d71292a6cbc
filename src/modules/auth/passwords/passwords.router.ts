import { authenticate, authorize, createRouter, publicRoute, rateLimit, rateLimitBy } from '../../../http/index.ts';
import { emailKey } from '../limit-keys.ts';
import { changePassword, requestPasswordReset, resetPassword } from './passwords.controller.ts';

export const passwordsRouter = createRouter();

const forgot = [publicRoute, rateLimit('reset'), rateLimitBy('resetTarget', emailKey)];

passwordsRouter.post('/auth/password/forgot', forgot, requestPasswordReset);
passwordsRouter.post('/auth/password/reset', publicRoute, rateLimit('link'), resetPassword);
passwordsRouter.post(
  '/auth/password/change',
  authenticate,
  authorize('account.use'),
  rateLimit('credentials'),
  changePassword,
);
