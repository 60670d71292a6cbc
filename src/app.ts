import compression from 'compression';
import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { config } from './config/index.ts';
import {
  errorHandler,
  jsonBody,
  limitBody,
  notFound,
  rateLimit,
  refuseOddTargets,
  requestContext,
  requestLog,
} from './http/index.ts';
import { healthRouter, privateRouter } from './modules/health/health.router.ts';
import { apiDocument, createApiRouter, moduleRouters, rawBodyModules } from './routes.ts';

/** `/api/v1` is canonical, `/api` the current version under its short name: the same router. */
const BASES = ['/api/v1', '/api'];
const EXPOSED_HEADERS = ['X-Request-Id', 'X-Device-Token', 'Idempotent-Replayed', 'Location', 'Retry-After', 'ETag'];
const RATE_LIMIT_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

/** What the raw parsers take. */
const RAW_BODY_BYTES = 256 * 1024;

/** Assembles the public API. Listens on nothing, connects to nothing. */
export function createApp(): Express {
  const app = bareApp();
  app.use(requestContext, requestLog);
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: API_CSP } }));
  app.use(refuseOddTargets);
  app.use(healthRouter);
  if (config.http.docs) mountDocs(app);
  app.use(
    cors(({ headers }, decide) => {
      decide(null, {
        // As a list also for one origin: the package then says `Vary: Origin` on every answer.
        origin: [...config.http.corsOrigins],
        // Cookies for our own pages; nobody else is told of them.
        credentials: config.http.corsOrigins.includes(headers.origin ?? ''),
        exposedHeaders: [...EXPOSED_HEADERS, ...RATE_LIMIT_HEADERS],
        maxAge: 600,
      });
    }),
  );
  if (config.http.compression) app.use(compression());
  app.use(limitBody(RAW_BODY_BYTES));
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

/** An API answers JSON: nothing may be loaded or framed on its behalf. */
const API_CSP = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

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
