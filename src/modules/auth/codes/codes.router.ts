import { authenticate, authorize, createRouter, publicRoute, rateLimit, rateLimitBy } from '../../../http/index.ts';
import { logInCodeTarget, phoneTarget } from './code-limits.ts';
import { logInWithCode, requestLogInCode, requestPhoneVerification, verifyPhone } from './codes.controller.ts';

export const codesRouter = createRouter();

const requesting = [publicRoute, rateLimit('code'), rateLimitBy('codeTarget', logInCodeTarget)];
const verifying = [authenticate, authorize('account.use')];
const limitVerifying = [rateLimit('credentials'), rateLimitBy('codeTarget', phoneTarget)];

codesRouter.post('/auth/otp/request', requesting, requestLogInCode);
codesRouter.post('/auth/otp/verify', publicRoute, rateLimit('codeGuess'), logInWithCode);
codesRouter.post('/auth/phone/verify/request', verifying, limitVerifying, requestPhoneVerification);
codesRouter.post('/auth/phone/verify', verifying, rateLimit('credentials'), rateLimit('codeGuess'), verifyPhone);
