import { authenticate, authorize, createRouter, rateLimit } from '../../http/index.ts';
import * as controller from './audit-log.controller.ts';

export const operationsRouter = createRouter();

operationsRouter.get(
  '/admin/audit-log',
  [authenticate, authorize('audit.read'), rateLimit('admin')],
  controller.listAuditLog,
);
