import compression from 'compression';
import express, { type Express, type Request } from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { config } from './config/index.ts';
import {
  afterOwnWrites,
  errorHandler,
  finishedPages,
  jsonBody,
  limitBody,
  notFound,
  originHeaders,
  rateLimit,
  refuseOddTargets,
  requestContext,
  requestIdHeader,
  requestLog,
  securityHeaders,
} from './http/index.ts';
import { dropForUser } from './modules/dashboard/index.ts';
import { healthRouter, privateRouter } from './modules/health/health.router.ts';
import { apiDocument, createApiRouter, moduleRouters, rawBodyModules } from './routes.ts';

/** `/api/v1` is canonical, `/api` the current version under its short name: the same router. */
const BASES = ['/api/v1', '/api'];

/** What the raw parsers take. */
const RAW_BODY_BYTES = 256 * 1024;

/** Pictures and menus; these routes have limits of their own behind the log-in. */
const FILE_ROUTES = /^\/api(\/v1)?\/(uploads|restaurants\/[\da-f]{24}\/menu\/import)$/;

function maxBodyBytes({ method, path }: Request): number {
  return method === 'POST' && FILE_ROUTES.test(path) ? Infinity : RAW_BODY_BYTES;
}

/** Assembles the public API. Listens on nothing, connects to nothing. */
export function createApp(): Express {
  const app = bareApp();
  app.use(requestContext, requestLog, finishedPages);
  app.use(requestIdHeader, securityHeaders);
  app.use(refuseOddTargets);
  app.use(healthRouter);
  if (config.http.docs) mountDocs(app);
  app.use(originHeaders, afterOwnWrites(dropForUser));
  if (config.http.compression) app.use(compression());
  app.use(limitBody(maxBodyBytes));
  app.use(BASES, createApiRouter(rawBodyModules));
  app.use(jsonBody);
  app.use(BASES, createApiRouter(moduleRouters));
  app.use(rateLimit('unmatched'), notFound, errorHandler);
  return app;
}

/** Health in detail and metrics, for the loopback port of either process. */
export function createPrivateApp(): Express {
  const app = bareApp();
  app.use(privateRouter);
  app.use(notFound, errorHandler);
  return app;
}

function bareApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.http.trustProxyHops);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  return app;
}

/** The API document and Swagger UI. Never in production. */
function mountDocs(app: Express): void {
  // Relative, so that the page works under whatever name it was opened.
  const document = apiDocument('');
  // On plain http the default policy would upgrade the page's own assets away.
  const docsHelmet = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  app.get('/', (_req, res) => {
    res.redirect('/docs');
  });
  app.get('/openapi.json', docsHelmet, (_req, res) => {
    res.json(document);
  });
  app.use('/docs', docsHelmet, swaggerUi.serve, swaggerUi.setup(document, { customSiteTitle: 'QuickBite API' }));
}
