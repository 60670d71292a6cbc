import { describe, expect, it } from 'vitest';
import { operationsOf } from '../../scripts/contract/api-document.ts';
import { currentApiDocument } from '../../scripts/contract/current-document.ts';
import { routeTable, type RouteEntry } from '../../scripts/architecture/route-table.ts';
import { toOpenApiPath, walkRoutes } from '../../scripts/architecture/walk-routes.ts';
import type { RouteContract } from '../../src/http/index.ts';
import { createApp } from '../../src/app.ts';
import { moduleRouters, rawBodyModules } from '../../src/routes.ts';
import { readSources } from './source-files.ts';

const modules = [...rawBodyModules, ...moduleRouters];
const routes = routeTable(modules);
const contracts: RouteContract[] = modules.flatMap((module) => module.contracts);
const served = walkRoutes(createApp().router);
const byKey = new Map(contracts.map((contract) => [keyOf(contract.method, contract.path), contract]));

describe('route inventory', () => {
  it('there are routes', () => {
    expect(routes.length).toBeGreaterThan(30);
  });

  it.each(['/api/v1', '/api'])('%s serves the routers of the list and nothing else', (base) => {
    const under = served.filter(({ path }) => path.startsWith(`${base}/`) && !path.startsWith(`${base}/v1/`));
    const keys = under.map(({ method, path }) => keyOf(method, path.slice(base.length)));
    expect(keys.toSorted()).toEqual(routes.map(routeKey).toSorted());
  });

  it('outside the API there are only health, the document and the way to it', () => {
    const outside = served
      .filter(({ path }) => !path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(outside.toSorted()).toEqual(['get /', 'get /health/live', 'get /health/ready', 'get /openapi.json']);
  });

  it('no route stands there twice', () => {
    const keys = routes.map(routeKey);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('every route says who may call it', () => {
    expect(routes.filter(({ auth }) => auth === null).map(routeKey)).toEqual([]);
  });

  it('no public route also asks for a token', () => {
    const both = routes.filter(({ info }) => info.some(({ kind }) => kind === 'public') && info.some(asksForToken));
    expect(both.map(routeKey)).toEqual([]);
  });

  it('every route has a rate limit', () => {
    expect(routes.filter(({ rateLimit }) => rateLimit === null).map(routeKey)).toEqual([]);
  });

  it('every route ends in a controller function that is named like its operation', () => {
    const misnamed = routes.filter((route) => route.handler !== byKey.get(routeKey(route))?.operationId);
    expect(misnamed.map((route) => `${routeKey(route)}: ${route.handler}`)).toEqual([]);
  });

  it('every controller function parses the request of its own contract, but those that read raw bytes', async () => {
    const text = (await readSources('src/modules')).map((source) => source.text).join('\n');
    const unparsed = contracts
      .map(({ operationId }) => operationId)
      .filter((id) => {
        const [body = ''] =
          text.split(`export async function ${id}(req: Request, res: Response)`)[1]?.split('\n}') ?? [];
        return !body.includes('parseRequest(req, ') || !new RegExp(`\\b${id}Route\\.request\\b`).test(body);
      });
    expect(unparsed.toSorted()).toEqual(RAW_BODIES);
  });
});

/** Webhooks: the provider signs the bytes, and it is the signature that is asked first. */
const RAW_BODIES = ['receiveImageCallback', 'receiveStripeEvent'];

describe('routes and their contracts', () => {
  it('every route has a contract and every contract a route', () => {
    expect(routes.map(routeKey).toSorted()).toEqual([...byKey.keys()].toSorted());
  });

  it('every mounted route is an operation of the document, whatever mounts it', () => {
    const described = operationsOf(currentApiDocument()).map(({ method, path }) => keyOf(method, path));
    expect(described.toSorted()).toEqual(routes.map(routeKey).toSorted());
  });

  it('the document names each type of file that an answer may be', () => {
    const exported = operationsOf(currentApiDocument()).find(({ operation }) => operation.operationId === 'exportMenu');
    expect(Object.keys(exported?.operation.responses['200']?.content ?? {})).toEqual(['application/json', 'text/csv']);
  });

  it('each stands with the module that owns its router', () => {
    const owners = new Map(routes.map((route) => [routeKey(route), route.owner]));
    const misplaced = modules.flatMap(({ name, contracts: own }) =>
      own.map(({ method, path }) => keyOf(method, path)).filter((key) => owners.get(key) !== name),
    );
    expect(misplaced).toEqual([]);
  });

  it('operation ids are unique', () => {
    const ids = contracts.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('the contract names the permission that the router asks for', () => {
    const differing = routes.filter((route) => route.auth !== byKey.get(routeKey(route))?.auth);
    expect(differing.map((route) => `${routeKey(route)}: ${route.auth}`)).toEqual([]);
  });

  it('a route that needs an Idempotency-Key says so, and is keyed by its operation', () => {
    const differing = routes.filter((route) => {
      const contract = byKey.get(routeKey(route));
      return route.idempotency !== (contract?.isIdempotent === true ? contract.operationId : null);
    });
    expect(differing.map(routeKey)).toEqual([]);
  });

  it('the document shows the header of each such route as required', () => {
    const shown = operationsOf(currentApiDocument())
      .filter(({ operation }) => operation.parameters?.some(isRequiredKey) === true)
      .map(({ method, path }) => keyOf(method, path));
    const keyed = routes.filter(({ idempotency }) => idempotency !== null).map(routeKey);
    expect(shown.toSorted()).toEqual(keyed.toSorted());
  });

  it('bodies and answers have examples, and every example is valid', () => {
    expect(contracts.flatMap(invalidExamples)).toEqual([]);
  });
});

function keyOf(method: string, path: string): string {
  return `${method} ${toOpenApiPath(path)}`;
}

function routeKey({ method, path }: RouteEntry): string {
  return keyOf(method, path);
}

function asksForToken({ kind }: { kind: string }): boolean {
  return kind === 'authenticate' || kind === 'authorize';
}

function isRequiredKey({ name, required }: { name: string; required?: boolean }): boolean {
  return name === 'Idempotency-Key' && required === true;
}

/** A request body must have an example of its own; what an answer shows must fit its schema. */
function invalidExamples({ operationId, request, responses }: RouteContract): string[] {
  const body = request.body === undefined ? [] : [{ what: 'body', schema: request.body, isNeeded: true }];
  const answers = Object.entries(responses).flatMap(([status, schema]) =>
    schema === null ? [] : [{ what: status, schema, isNeeded: false }],
  );
  return [...body, ...answers].flatMap(({ what, schema, isNeeded }) => {
    const examples = schema.meta()?.examples ?? [];
    if (isNeeded && examples.length === 0) return [`${operationId} ${what}: no example`];
    return examples
      .map((example) => schema.safeParse(example).error)
      .flatMap((error) => (error === undefined ? [] : [`${operationId} ${what}: ${error.message}`]));
  });
}
