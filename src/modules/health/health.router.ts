import { createRouter, publicRoute } from '../../http/index.ts';
import * as controller from './health.controller.ts';

export const healthRouter = createRouter();

healthRouter.get('/health/live', publicRoute, controller.getLiveness);
healthRouter.get('/health/ready', publicRoute, controller.getReadiness);

/** Never on the public listener. */
export const privateRouter = createRouter();

privateRouter.get('/health/live', controller.getLiveness);
privateRouter.get('/health/ready', controller.getReadinessDetail);
privateRouter.get('/metrics', controller.getMetrics);
