import { authenticate, authorize, createRouter, publicRoute, rateLimit, rateLimitBy } from '../../../http/index.ts';
import { accountKey, emailKey } from '../limit-keys.ts';
import { requestEmailChange, requestEmailVerification, verifyEmail } from './emails.controller.ts';

export const emailsRouter = createRouter();

const signedIn = [authenticate, authorize('account.use'), rateLimit('credentials')];

emailsRouter.post('/auth/email/verify', publicRoute, rateLimit('link'), verifyEmail);
// Each of these mails: so many per hour and account, or per address that somebody names.
emailsRouter.post(
  '/auth/email/verify/request',
  signedIn,
  rateLimitBy('resetTarget', accountKey),
  requestEmailVerification,
);
emailsRouter.post('/auth/email/change', signedIn, rateLimitBy('resetTarget', emailKey), requestEmailChange);
