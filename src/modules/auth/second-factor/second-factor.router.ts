import { authenticate, authorize, createRouter, publicRoute, rateLimit, rateLimitBy } from '../../../http/index.ts';
import { challengeTarget, signedInTarget } from './second-factor-limits.ts';
import {
  confirmSecondFactor,
  disableSecondFactor,
  enrolSecondFactor,
  renewRecoveryCodes,
  setUpSecondFactor,
  verifySecondFactor,
} from './second-factor.controller.ts';

export const secondFactorRouter = createRouter();

const signedIn = [authenticate, authorize('account.use'), rateLimit('credentials')];
// One count per account, whichever way it is guessed at.
const guess = [...signedIn, rateLimitBy('secondFactorTarget', signedInTarget)];
const halfWay = [publicRoute, rateLimit('secondFactor')];

secondFactorRouter.post('/auth/mfa/setup', signedIn, setUpSecondFactor);
secondFactorRouter.post('/auth/mfa/confirm', guess, confirmSecondFactor);
secondFactorRouter.post('/auth/mfa/disable', guess, disableSecondFactor);
secondFactorRouter.post('/auth/mfa/recovery-codes', guess, renewRecoveryCodes);
secondFactorRouter.post(
  '/auth/mfa/verify',
  halfWay,
  rateLimitBy('secondFactorTarget', challengeTarget),
  verifySecondFactor,
);
secondFactorRouter.post('/auth/mfa/enrol', halfWay, enrolSecondFactor);
