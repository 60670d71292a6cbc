import { authenticate, authorize, createRouter, publicRoute, rateLimit, rateLimitBy } from '../../../http/index.ts';
import { guessedLogInTarget, guessedPhone, logInCodeTarget, phoneTarget } from './code-limits.ts';
import {
  logInWithCode,
  removePhone,
  requestLogInCode,
  requestPhoneVerification,
  verifyPhone,
} from './codes.controller.ts';

export const codesRouter = createRouter();

const requesting = [publicRoute, rateLimit('code'), rateLimitBy('codeTarget', logInCodeTarget)];
const limitGuessing = [rateLimit('codeGuess'), rateLimitBy('codeGuessTarget', guessedLogInTarget)];
const verifying = [authenticate, authorize('account.use')];
const limitVerifying = [
  rateLimit('code'),
  rateLimit('credentials'),
  rateLimit('phoneProof'),
  rateLimitBy('codeTarget', phoneTarget),
];
const limitProving = [rateLimit('credentials'), rateLimit('codeGuess'), rateLimitBy('codeGuessTarget', guessedPhone)];

codesRouter.post('/auth/otp/request', requesting, requestLogInCode);
codesRouter.post('/auth/otp/verify', publicRoute, limitGuessing, logInWithCode);
codesRouter.post('/auth/phone/verify/request', verifying, limitVerifying, requestPhoneVerification);
codesRouter.post('/auth/phone/verify', verifying, limitProving, verifyPhone);
codesRouter.delete('/auth/phone', verifying, rateLimit('credentials'), removePhone);
