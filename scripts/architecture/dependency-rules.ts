import type { IForbiddenRuleType, IRegularForbiddenRuleType } from 'dependency-cruiser';
import { layers, moduleTiers } from './tiers.ts';

/** The import rules of architecture.md section 8, by their numbers there. Each is proven by tests/architecture/dependency-rules.test.ts. */
export function dependencyRules(): IForbiddenRuleType[] {
  return [
    ...acyclicRules,
    ...outwardRules,
    ...layerRules(),
    ...frontDoorRules,
    ...roleRules,
    ...pureRules,
    ...tierRules(),
    ...vendorRules,
    ...packageRules,
  ];
}

type From = IRegularForbiddenRuleType['from'];
type To = IRegularForbiddenRuleType['to'];

interface Rule {
  name: string;
  comment: string;
  from: From;
  to: To;
}

function forbid(rule: Rule): IRegularForbiddenRuleType {
  return { severity: 'error', ...rule };
}

const anyOf = (names: readonly string[]): string => `(${names.join('|')})`;

const acyclicRules: IForbiddenRuleType[] = [
  forbid({
    name: 'no-circular',
    comment: 'Rule 1: no cycles, type imports included.',
    from: {},
    to: { circular: true },
  }),
  {
    ...forbid({
      name: 'no-circular-modules',
      comment:
        'Rule 1: modules of one tier may use each other in one direction only, whichever files carry the imports.',
      from: { path: '^src/modules/[^/]+$' },
      to: { path: '^src/modules/[^/]+$', circular: true },
    }),
    scope: 'folder',
  },
];

const outwardRules: IForbiddenRuleType[] = [
  forbid({
    name: 'src-not-to-tests',
    comment: 'Rule 2: what is deployed never imports tests or scripts.',
    from: { path: '^src/' },
    to: { path: '^(tests|scripts)/' },
  }),
  forbid({
    name: 'scripts-not-to-tests',
    comment: 'The demo and the seed run where there are no tests.',
    from: { path: '^scripts/' },
    to: { path: '^tests/' },
  }),
  forbid({
    name: 'demo-not-to-src',
    comment: 'The demo starts the system as processes, from outside.',
    from: { path: '^scripts/demo' },
    to: { path: '^src/' },
  }),
  {
    name: 'demo-players-not-to-src',
    severity: 'error',
    comment: 'The players of the demo hold tokens and sockets and know the public API only, not even through a detour.',
    from: { path: '^scripts/demo/' },
    to: { path: '^src/', reachable: true },
  },
  forbid({
    name: 'local-cloud-not-to-src',
    comment: 'The local cloud plays the vendors, who know nothing of our code.',
    from: { path: '^scripts/local-cloud' },
    to: { path: '^src/' },
  }),
];

const firstFeatureLayer = layers.findIndex((layer) => layer.includes('modules'));
const plumbing = layers.slice(0, firstFeatureLayer);
const features = layers.slice(firstFeatureLayer);

/** Rule 3 and the order of the layers: `shared, errors <- config <- infra <- realtime, http <- modules <- ...`. */
function layerRules(): IForbiddenRuleType[] {
  return [
    forbid({
      name: 'plumbing-not-to-modules',
      comment: 'Rule 3: plumbing knows no feature.',
      from: { path: layerPath(plumbing) },
      to: { path: layerPath(features) },
    }),
    ...upwardRules(plumbing),
    ...upwardRules(features),
  ];
}

function upwardRules(group: typeof layers): IForbiddenRuleType[] {
  return group.slice(0, -1).map((layer, index) =>
    forbid({
      name: `layer-${layer[0] ?? ''}-not-upward`,
      comment: 'Imports point from a higher layer to a lower one (scripts/architecture/tiers.ts).',
      from: { path: layerPath([layer]) },
      to: { path: layerPath(group.slice(index + 1)) },
    }),
  );
}

function layerPath(some: typeof layers): string {
  return `^src/${anyOf(some.flat())}(/|\\.ts$)`;
}

/** Which root file collects which files of modules. */
const collectors = [
  { file: 'routes', files: '\\.(router|schema)\\.ts$' },
  { file: 'models', files: '\\.model\\.ts$' },
  { file: 'worker-jobs', files: '\\.processor\\.ts$' },
  // Health stands outside the versioned API.
  { file: 'app', files: '^src/modules/health/[^/]+\\.router\\.ts$' },
];

const frontDoorRules: IForbiddenRuleType[] = [
  forbid({
    name: 'module-only-through-index',
    comment: 'Rule 4: another module is used through its index.ts.',
    from: { path: '^src/modules/([^/]+)/' },
    to: { path: '^src/modules/(?!$1/)', pathNot: ['^src/modules/[^/]+/index\\.ts$', '\\.model\\.ts$'] },
  }),
  forbid({
    name: 'foreign-model-only-in-reports',
    comment: 'Rule 5: only reports/*.queries.ts reads the models of other modules.',
    from: { path: '^src/modules/([^/]+)/', pathNot: '^src/modules/reports/[^/]+\\.queries\\.ts$' },
    to: { path: '^src/modules/(?!$1/).+\\.model\\.ts$' },
  }),
  forbid({
    name: 'index-not-model-or-router',
    comment:
      'Rule 6: the front door shows functions and types. Routers are mounted by src/routes.ts, models loaded by src/models.ts.',
    from: { path: '^src/modules/[^/]+/index\\.ts$' },
    to: { path: '\\.(model|router)\\.ts$', dependencyTypesNot: ['type-only'] },
  }),
  forbid({
    name: 'assembly-through-front-doors',
    comment: 'Files at the root of src use front doors too.',
    from: { path: '^src/[^/]+\\.ts$', pathNot: `^src/${anyOf(collectors.map(({ file }) => file))}\\.ts$` },
    to: { path: '^src/modules/', pathNot: '/index\\.ts$' },
  }),
  ...collectors.map(({ file, files }) =>
    forbid({
      name: `${file}-through-front-doors`,
      comment: `src/${file}.ts uses front doors too, but for the files that it collects.`,
      from: { path: `^src/${file}\\.ts$` },
      to: { path: '^src/modules/', pathNot: ['/index\\.ts$', files] },
    }),
  ),
  forbid({
    name: 'processors-only-in-worker',
    comment: 'Rule 11: one file starts the jobs.',
    from: { path: '^src/', pathNot: '^src/worker-jobs\\.ts$' },
    to: { path: '\\.processor\\.ts$' },
  }),
  {
    name: 'api-runs-no-jobs',
    severity: 'error',
    comment: 'Rule 11: jobs run in the worker process alone; the API reaches no processor, not even through a detour.',
    from: { path: '^src/(server|app)\\.ts$' },
    to: { path: '\\.processor\\.ts$', reachable: true },
  },
];

const roleRules: IForbiddenRuleType[] = [
  forbid({
    name: 'router-not-to-logic',
    comment: 'Rule 7: a router names middlewares and controller functions, nothing behind them.',
    from: { path: '\\.router\\.ts$' },
    to: { path: '\\.(service|model|queries|jobs)\\.ts$' },
  }),
  forbid({
    name: 'controller-not-to-model',
    comment: 'Rule 8: a controller calls one service function and never sees a model.',
    from: { path: '\\.controller\\.ts$' },
    to: { path: '\\.model\\.ts$' },
  }),
  forbid({
    name: 'logic-not-to-http',
    comment: 'Rule 9: use cases run the same for a request, a job and a socket.',
    from: { path: '\\.(service|model|queries|machine|policy|processor)\\.ts$' },
    to: { path: ['^src/http/', '(^|/)node_modules/(@types/)?express/'] },
  }),
];

const PURE = '[/-]?(machine|policy|pricing)\\.ts$';

/** Rule 10, in two halves: nothing from outside but shared and errors; from the own module only types and other pure files. */
const pureRules: IForbiddenRuleType[] = [
  forbid({
    name: 'pure-only-shared-and-errors',
    comment: 'Rule 10: machine, policy and pricing import nothing but shared, errors and their own types.',
    from: { path: `^src/modules/([^/]+)/.*${PURE}` },
    to: { pathNot: ['^src/(shared|errors)/', '^src/modules/$1/'] },
  }),
  forbid({
    name: 'pure-only-own-types',
    comment: 'Rule 10: of their own module they take types, and values only from files as pure as they are.',
    from: { path: `^src/modules/([^/]+)/.*${PURE}` },
    to: { path: '^src/modules/$1/', pathNot: [PURE, '\\.events\\.ts$'], dependencyTypesNot: ['type-only'] },
  }),
];

/** Rule 12, generated: no module imports one of a higher tier. */
function tierRules(): IForbiddenRuleType[] {
  return moduleTiers.slice(0, -1).map((tier, index) =>
    forbid({
      name: `tier-${index + 1}-not-upward`,
      comment: 'Rule 12: knowledge travels up as events (src/subscriptions.ts), never as an import.',
      from: { path: `^src/modules/${anyOf(tier)}/` },
      to: { path: `^src/modules/${anyOf(moduleTiers.slice(index + 1).flat())}/` },
    }),
  );
}

const packageFolder = (names: readonly string[]): string => `(^|/)node_modules/${anyOf(names)}/`;

const vendorRules: IForbiddenRuleType[] = [
  forbid({
    name: 'transport-only-in-infra',
    comment: 'Rule 13: queues, Redis, sockets, mail and text messages are spoken to from infra and realtime alone.',
    from: { path: '^src/', pathNot: '^src/(infra|realtime)/' },
    to: {
      path: packageFolder([
        'bullmq',
        'ioredis',
        'socket\\.io',
        '@socket\\.io',
        'nodemailer',
        '@types/nodemailer',
        'twilio',
      ]),
    },
  }),
  forbid({
    name: 'gateway-sdk-only-in-gateways',
    comment: 'Rule 13: the payment provider is spoken to from payments/gateways alone.',
    from: { path: '^src/', pathNot: '^src/modules/payments/gateways/' },
    to: { path: packageFolder(['stripe']) },
  }),
];

const packageRules: IForbiddenRuleType[] = [
  forbid({
    name: 'no-orphans',
    comment: 'Rule 14: a file nobody imports is dead.',
    from: {
      orphan: true,
      pathNot: ['\\.d\\.ts$', '^scripts/[^/]+\\.ts$', '^tests/', '\\.worker\\.ts$', '(^|/)[^/]+\\.config\\.(js|ts)$'],
    },
    to: {},
  }),
  forbid({
    name: 'no-unresolvable',
    comment: 'Rule 14: every import leads somewhere.',
    from: {},
    to: { couldNotResolve: true },
  }),
  forbid({
    name: 'no-unlisted-packages',
    comment: 'Rule 14: every package that is imported stands in package.json.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  }),
  forbid({
    name: 'src-not-to-dev-dependency',
    comment: 'Rule 14: production installs have no development packages. Types leave no trace.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  }),
];
