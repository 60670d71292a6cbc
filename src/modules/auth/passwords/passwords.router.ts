import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import { changePassword, requestPasswordReset, resetPassword } from './passwords.controller.ts';

export const passwordsRouter = createRouter();

// Not by target: the mails to one address are counted where they leave, and no answer tells of it.
passwordsRouter.post('/auth/password/forgot', publicRoute, rateLimit('reset'), requestPasswordReset);
passwordsRouter.post('/auth/password/reset', publicRoute, rateLimit('link'), resetPassword);
passwordsRouter.post(
  '/auth/password/change',
  authenticate,
  authorize('account.use'),
  rateLimit('credentials'),
  changePassword,
);
