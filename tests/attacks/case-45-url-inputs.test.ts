import '../setup/without-rate-limits.ts';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { config } from '../../src/config/index.ts';
import { ROLES } from '../../src/shared/actor.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack, sendJson, targetOf, writeRoutes } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { allRoutes, call, exampleBody, named, type KnownRoute } from '../support/route-calls.ts';

/** Addresses of the house, in the spellings that filters forget. */
const TARGETS = [
  'http://127.1:6379/',
  'http://0/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://7f000001.rbndr.us/',
  'http://localhost.@127.0.0.1/',
  'https://allowed.example@127.0.0.1/',
  'https://127.0.0.1\\@allowed.example/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'dict://127.0.0.1:11211/stat',
  'javascript:alert(1)',
  'data:text/html,x',
  '//127.0.0.1/',
  '\\\\127.0.0.1\\share',
];

/** Where a client may name an address at all. Whoever adds one adds its tests, and then its name here. */
const URL_INPUTS = [
  // case-45-push-endpoints.test.ts: services of browsers only.
  'post /me/devices body.endpoint',
  // tests/api/auth/oauth.hostile.test.ts: pages of our own only, and only the browser goes there.
  'get /auth/oauth/:provider query.returnTo',
  'post /auth/oauth/:provider/link body.returnTo',
];

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
  login = await logInAs({ roles: [...ROLES] });
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

interface Node {
  format?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
  prefixItems?: Node[];
  additionalProperties?: Node | boolean;
  $ref?: string;
  $defs?: Record<string, Node>;
}

const LIKE_A_URL = /ur[il]$|href|link|endpoint|callback|webhook|returnTo|redirect|host$|domain|website|origin$/i;

const URL_FORMATS = ['uri', 'url', 'uri-reference', 'hostname'];
const MAX_DEPTH = 12;

/** The places of a schema that take an address: by format, or by a name that says so. `path` has its part of the request first. */
function urlsIn(node: Node, path: readonly string[], root: Node): string[] {
  if (path.length > MAX_DEPTH) return [];
  const target = resolved(node, root);
  const inner = childrenOf(target);
  const isValue = inner.every(([key]) => key === null);
  const isNamed = isValue && LIKE_A_URL.test(path.at(-1) ?? '');
  const here = isNamed || URL_FORMATS.includes(target.format ?? '') ? [path.join('.')] : [];
  const deeper = inner.flatMap(([key, one]) => urlsIn(one, key === null ? path : [...path, key], root));
  return [...new Set([...here, ...deeper])];
}

function resolved(node: Node, { $defs = {} }: Node): Node {
  return node.$ref === undefined ? node : ($defs[node.$ref.split('/').at(-1) ?? ''] ?? {});
}

/** With the key that each stands under; null for what stands in the same place. */
function childrenOf(node: Node): [string | null, Node][] {
  const named = Object.entries(node.properties ?? {});
  const { additionalProperties: others } = node;
  const open: [string, Node][] = typeof others === 'object' ? [['*', others]] : [];
  const same = [node.items, node.prefixItems, node.anyOf, node.oneOf, node.allOf].flatMap((one) => one ?? []);
  return [...named, ...open, ...same.map((one): [null, Node] => [null, one])];
}

function urlInputsOf({ key, contract }: KnownRoute): string[] {
  return (['query', 'body', 'params'] as const).flatMap((part) => {
    const schema = contract.request[part];
    if (schema === undefined) return [];
    const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
    return urlsIn(root, [part], root).map((path) => `${key} ${path}`);
  });
}

/** Every string of the example, by its name. */
function textsOf(route: KnownRoute): string[] {
  return Object.entries(exampleBody(route) ?? {}).flatMap(([key, value]) => (typeof value === 'string' ? [key] : []));
}

describe('case 45: an address from outside', () => {
  it('is taken where the list says, and nowhere else', () => {
    expect(allRoutes.flatMap(urlInputsOf).toSorted()).toEqual(URL_INPUTS.toSorted());
  });

  it.each(named(writeRoutes.filter((route) => textsOf(route).length > 0)))(
    'in any text of %s opens no socket',
    async (_, route) => {
      const target = await targetOf(route, login);
      const connect = vi.spyOn(net.Socket.prototype, 'connect');
      for (const [index, address] of TARGETS.entries()) {
        const keys = textsOf(route);
        const key = keys[index % keys.length] ?? '';
        const res = await sendJson(app, route, { ...target, body: { ...target.body, [key]: address } });
        expect(res.status, `${key} = ${address}: ${res.text}`).toBeLessThan(500);
      }
      const ports = new Set([new URL(app.url).port, ...ourPorts()]);
      const strange = connect.mock.calls
        .map((args) => JSON.stringify(args[0]))
        .filter((text) => /169\.254|rbndr|allowed\.example|etc\/passwd/.test(text) || portOf(text, ports));
      expect(strange).toEqual([]);
    },
  );

  it.each(named(allRoutes.filter((route) => urlInputsOf(route).some((one) => one.endsWith('returnTo')))))(
    'of %s is a page of our own, or 400',
    async (_, route) => {
      const target = await targetOf(route, login);
      const answers = await attack(app, async () => {
        const all = [];
        for (const address of TARGETS) {
          const isQuery = route.method === 'get';
          const body = { ...target.body, returnTo: address };
          const request = isQuery
            ? call(app, route, target).query({ ...target.body, returnTo: address })
            : sendJson(app, route, { ...target, body });
          all.push(await request);
        }
        return all;
      });
      expect(answers.map(({ status }) => status)).toEqual(TARGETS.map(() => 400));
    },
  );
});

/** MongoDB and Redis of this run. */
function ourPorts(): string[] {
  const uris = [config.mongo.uri, config.redis.url];
  return uris.flatMap((uri) => [...uri.matchAll(/:(\d{2,5})/g)].map(([, port]) => port ?? ''));
}

/** A connection to this machine that is none of the application's. */
function portOf(text: string, ports: ReadonlySet<string>): boolean {
  const port = /"port":"?(\d+)/.exec(text)?.[1];
  return port !== undefined && !ports.has(port);
}
