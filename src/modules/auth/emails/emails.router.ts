import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import { requestEmailChange, requestEmailVerification, verifyEmail } from './emails.controller.ts';

export const emailsRouter = createRouter();

const signedIn = [authenticate, authorize('account.use'), rateLimit('credentials')];
// Each of these mails.
const mailing = [...signedIn, rateLimit('emailProof')];

emailsRouter.post('/auth/email/verify', signedIn, rateLimit('link'), verifyEmail);
emailsRouter.post('/auth/email/verify/request', mailing, requestEmailVerification);
emailsRouter.post('/auth/email/change', mailing, requestEmailChange);
