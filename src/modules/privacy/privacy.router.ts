import { authenticate, authorize, createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import { deleteAccount, downloadExport, getExport, requestExport } from './privacy.controller.ts';

export const privacyRouter = createRouter();

const anybody = [authenticate, authorize('account.use')];

privacyRouter.post('/me/export', anybody, rateLimit('export'), requestExport);
privacyRouter.get('/me/exports/:exportId', anybody, rateLimit('account'), getExport);
privacyRouter.get('/exports/:exportId', publicRoute, rateLimit('link'), downloadExport);
privacyRouter.delete('/me', anybody, rateLimit('credentials'), deleteAccount);
