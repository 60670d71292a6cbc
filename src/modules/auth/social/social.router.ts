import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../../http/index.ts';
import {
  beginIdentityLink,
  beginSocialLogIn,
  completeSocialLogIn,
  exchangeSocialCode,
  linkIdentity,
  listIdentities,
  unlinkIdentity,
} from './social.controller.ts';

export const socialRouter = createRouter();

const anybody = [publicRoute, rateLimit('oauth')];
const oneself = [authenticate, authorize('account.use')];

socialRouter.post('/auth/oauth/exchange', anybody, exchangeSocialCode);
socialRouter.post('/auth/oauth/link', oneself, rateLimit('credentials'), linkIdentity);
socialRouter.get('/auth/oauth/:provider', anybody, beginSocialLogIn);
socialRouter.get('/auth/oauth/:provider/callback', anybody, completeSocialLogIn);
socialRouter.post('/auth/oauth/:provider/link', oneself, rateLimit('credentials'), beginIdentityLink);
socialRouter.get('/auth/identities', oneself, rateLimit('account'), listIdentities);
socialRouter.delete('/auth/identities/:provider', oneself, rateLimit('credentials'), unlinkIdentity);
