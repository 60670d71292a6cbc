import { authenticate, authorize, createRouter, rateLimit } from '../../../http/index.ts';
import { endSession, listSessions, logOutEverywhere } from './sessions.controller.ts';

export const sessionsRouter = createRouter();

const account = [authenticate, authorize('account.use'), rateLimit('account')];

sessionsRouter.get('/auth/sessions', account, listSessions);
sessionsRouter.delete('/auth/sessions/:sessionId', account, endSession);
sessionsRouter.post('/auth/logout-all', account, logOutEverywhere);
