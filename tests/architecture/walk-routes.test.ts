import { Router } from 'express';
import { describe, expect, it } from 'vitest';
import { routeTable } from '../../scripts/architecture/route-table.ts';
import { toOpenApiPath, walkRoutes } from '../../scripts/architecture/walk-routes.ts';
import { mark, type RouteInfo } from '../../src/http/middleware/route-info.ts';

const marker = (routeInfo: RouteInfo) =>
  mark((_req, _res, next) => {
    next();
  }, routeInfo);
const open = marker({ kind: 'public' });
const authenticate = marker({ kind: 'authenticate' });
const customersOnly = marker({ kind: 'authorize', permission: 'cart.use' });
const limited = marker({ kind: 'rateLimit', policy: 'browse' });
const keyed = marker({ kind: 'idempotency', operation: 'placeOrder' });

function showThing() {
  // Only its name is looked at.
}

describe('walkRoutes', () => {
  it('finds the routes of nested routers with their full paths', () => {
    const inner = Router();
    inner.get('/:thingId', open, showThing);
    const outer = Router();
    outer.use('/things', inner);
    outer.post('/', showThing);
    expect(walkRoutes(outer, '/api').map(({ method, path, handler }) => [method, path, handler])).toEqual([
      ['get', '/api/things/:thingId', 'showThing'],
      ['post', '/api/', 'showThing'],
    ]);
  });

  it('counts a middleware of the router for the routes after it, and not for those before', () => {
    const router = Router();
    router.get('/before', showThing);
    router.use(authenticate);
    router.get('/after', showThing);
    expect(walkRoutes(router).map(({ info }) => info)).toEqual([[], [{ kind: 'authenticate' }]]);
  });

  it('leaves a middleware of one path out', () => {
    const router = Router();
    router.use('/mine', authenticate);
    router.get('/mine/cart', showThing);
    expect(walkRoutes(router).map(({ info }) => info)).toEqual([[]]);
  });

  it('lists each path of a route with several, and each of its methods', () => {
    const router = Router();
    router.route(['/a', '/b']).get(showThing).post(showThing);
    expect(walkRoutes(router).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /a',
      'post /a',
      'get /b',
      'post /b',
    ]);
  });

  it('refuses a regular expression, which no document can name', () => {
    const router = Router();
    router.get(/x/, showThing);
    expect(() => walkRoutes(router)).toThrow(TypeError);
  });
});

describe('routeTable', () => {
  it('reads auth, limit, idempotency and owner from the markers', () => {
    const router = Router();
    router.get('/open', open, showThing);
    router.get('/mine', authenticate, showThing);
    router.post('/orders', authenticate, customersOnly, limited, keyed, showThing);
    router.get('/forgotten', showThing);
    const rows = routeTable([{ name: 'orders', router }]);
    expect(rows.map(({ auth, rateLimit, idempotency, owner }) => [auth, rateLimit, idempotency, owner])).toEqual([
      ['public', null, null, 'orders'],
      [null, null, null, 'orders'],
      ['cart.use', 'browse', 'placeOrder', 'orders'],
      [null, null, null, 'orders'],
    ]);
  });
});

describe('toOpenApiPath', () => {
  it('writes parameters in braces', () => {
    expect(toOpenApiPath('/orders/:orderId/events')).toBe('/orders/{orderId}/events');
  });
});
