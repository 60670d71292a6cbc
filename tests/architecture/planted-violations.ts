export interface Plant {
  because: string;
  files: Record<string, string>;
}

export interface PlantedViolation extends Plant {
  rule: string;
}

const EMPTY = 'export const a = 1;\n';
const uses = (specifier: string): string => `import { a } from '${specifier}';\nexport const b = a;\n`;
const usesType = (specifier: string): string => `import type { a } from '${specifier}';\nexport type B = typeof a;\n`;

/** One file that imports another, both otherwise innocent. */
function edge(from: string, to: string, text = uses): Record<string, string> {
  const up = '../'.repeat(from.split('/').length - 1);
  return { [from]: text(`${up || './'}${to}`), [to]: EMPTY };
}

const package_ = (from: string, name: string): Record<string, string> => ({ [from]: `import '${name}';\n` });

const ORDERS = 'src/modules/orders';

/** Each breaks exactly one rule. */
export const plantedViolations: PlantedViolation[] = [
  {
    rule: 'no-circular',
    because: 'two files import each other',
    files: { 'src/shared/x.ts': uses('./y.ts'), 'src/shared/y.ts': usesType('./x.ts') },
  },
  {
    rule: 'no-circular-modules',
    because: 'two modules of one tier use each other, through different files',
    files: {
      'src/modules/payments/index.ts': EMPTY,
      'src/modules/payments/x.service.ts': uses('../deliveries/index.ts'),
      'src/modules/deliveries/index.ts': EMPTY,
      'src/modules/deliveries/x.service.ts': uses('../payments/index.ts'),
    },
  },
  { rule: 'src-not-to-tests', because: 'src imports a test helper', files: edge('src/shared/x.ts', 'tests/x.ts') },
  { rule: 'src-not-to-tests', because: 'src imports a script', files: edge('src/app.ts', 'scripts/x.ts') },
  { rule: 'scripts-not-to-tests', because: 'a script imports a factory', files: edge('scripts/seed.ts', 'tests/x.ts') },
  { rule: 'demo-not-to-src', because: 'the demo imports src', files: edge('scripts/demo.ts', 'src/shared/x.ts') },
  {
    rule: 'demo-players-not-to-src',
    because: 'a player of the demo reaches src through another script',
    files: { ...edge('scripts/demo/x.ts', 'scripts/seed/y.ts'), ...edge('scripts/seed/y.ts', 'src/shared/z.ts') },
  },
  {
    rule: 'local-cloud-not-to-src',
    because: 'the vendor knows our code',
    files: edge('scripts/local-cloud/stripe.ts', 'src/shared/x.ts'),
  },
  {
    rule: 'plumbing-not-to-modules',
    because: 'http imports a module',
    files: edge('src/http/x.ts', 'src/modules/auth/index.ts'),
  },
  {
    rule: 'plumbing-not-to-modules',
    because: 'infra imports the assembly',
    files: edge('src/infra/queue/x.ts', 'src/models.ts'),
  },
  {
    rule: 'layer-shared-not-upward',
    because: 'shared imports config',
    files: edge('src/shared/x.ts', 'src/config/index.ts'),
  },
  {
    rule: 'layer-config-not-upward',
    because: 'config imports infra',
    files: edge('src/config/x.ts', 'src/infra/mongo/index.ts'),
  },
  {
    rule: 'layer-infra-not-upward',
    because: 'infra imports http',
    files: edge('src/infra/mongo/x.ts', 'src/http/index.ts'),
  },
  {
    rule: 'layer-modules-not-upward',
    because: 'a module imports the assembly',
    files: edge(`${ORDERS}/index.ts`, 'src/subscriptions.ts'),
  },
  {
    rule: 'layer-app-not-upward',
    because: 'the assembly imports a process',
    files: edge('src/app.ts', 'src/server.ts'),
  },
  {
    rule: 'module-only-through-index',
    because: 'a module reaches behind the front door of another',
    files: edge(`${ORDERS}/orders.service.ts`, 'src/modules/users/users.service.ts'),
  },
  {
    rule: 'foreign-model-only-in-reports',
    because: 'a service reads the model of another module',
    files: edge(`${ORDERS}/orders.service.ts`, 'src/modules/users/user.model.ts'),
  },
  {
    rule: 'foreign-model-only-in-reports',
    because: 'in reports, only queries may',
    files: edge('src/modules/reports/reports.service.ts', 'src/modules/users/user.model.ts'),
  },
  {
    rule: 'index-not-model-or-router',
    because: 'the front door shows a model',
    files: { [`${ORDERS}/index.ts`]: `export { a } from './order.model.ts';\n`, [`${ORDERS}/order.model.ts`]: EMPTY },
  },
  {
    rule: 'assembly-through-front-doors',
    because: 'bootstrap reaches behind a front door',
    files: edge('src/bootstrap.ts', `${ORDERS}/orders.service.ts`),
  },
  {
    rule: 'assembly-through-front-doors',
    because: 'the worker starts jobs past worker-jobs.ts',
    files: edge('src/worker.ts', `${ORDERS}/orders.jobs.ts`),
  },
  ...['routes', 'models', 'worker-jobs', 'app'].map((file) => ({
    rule: `${file}-through-front-doors`,
    because: `${file}.ts reaches behind a front door`,
    files: edge(`src/${file}.ts`, `${ORDERS}/orders.service.ts`),
  })),
  {
    rule: 'api-runs-no-jobs',
    because: 'the API reaches a processor through the file that starts them',
    files: {
      ...edge('src/server.ts', 'src/worker-jobs.ts'),
      ...edge('src/worker-jobs.ts', `${ORDERS}/orders.processor.ts`),
    },
  },
  {
    rule: 'processors-only-in-worker',
    because: 'whoever imports the front door would run jobs',
    files: edge(`${ORDERS}/index.ts`, `${ORDERS}/orders.processor.ts`),
  },
  ...['service', 'model', 'queries', 'jobs'].map((role) => ({
    rule: 'router-not-to-logic',
    because: `a router imports a ${role} file`,
    files: edge(`${ORDERS}/orders.router.ts`, `${ORDERS}/orders.${role}.ts`),
  })),
  {
    rule: 'controller-not-to-model',
    because: 'a controller imports a model',
    files: edge(`${ORDERS}/orders.controller.ts`, `${ORDERS}/order.model.ts`),
  },
  ...['service', 'model', 'queries', 'processor'].flatMap((role) => [
    {
      rule: 'logic-not-to-http',
      because: `a ${role} file imports express`,
      files: package_(`${ORDERS}/orders.${role}.ts`, 'express'),
    },
    {
      rule: 'logic-not-to-http',
      because: `a ${role} file imports src/http, if only a type`,
      files: edge(`${ORDERS}/orders.${role}.ts`, 'src/http/index.ts', usesType),
    },
  ]),
  ...['order.machine', 'order.policy', 'pricing'].flatMap((name) => [
    {
      rule: 'pure-only-shared-and-errors',
      because: `${name} imports infra`,
      files: edge(`${ORDERS}/${name}.ts`, 'src/infra/mongo/index.ts'),
    },
    {
      rule: 'pure-only-shared-and-errors',
      because: `${name} imports a package`,
      files: package_(`${ORDERS}/${name}.ts`, 'zod'),
    },
    {
      rule: 'pure-only-own-types',
      because: `${name} imports the service beside it`,
      files: edge(`${ORDERS}/${name}.ts`, `${ORDERS}/orders.service.ts`),
    },
  ]),
  {
    rule: 'tier-1-not-upward',
    because: 'users imports auth',
    files: edge('src/modules/users/index.ts', 'src/modules/auth/index.ts'),
  },
  {
    rule: 'tier-2-not-upward',
    because: 'menu imports carts',
    files: edge('src/modules/menu/index.ts', 'src/modules/carts/index.ts'),
  },
  {
    rule: 'tier-3-not-upward',
    because: 'carts imports checkout',
    files: edge('src/modules/carts/index.ts', 'src/modules/checkout/index.ts'),
  },
  {
    rule: 'tier-4-not-upward',
    because: 'orders imports payments',
    files: edge(`${ORDERS}/index.ts`, 'src/modules/payments/index.ts'),
  },
  {
    rule: 'tier-5-not-upward',
    because: 'deliveries imports checkout, if only a type',
    files: edge('src/modules/deliveries/index.ts', 'src/modules/checkout/index.ts', usesType),
  },
  {
    rule: 'tier-6-not-upward',
    because: 'checkout imports notifications',
    files: edge('src/modules/checkout/index.ts', 'src/modules/notifications/index.ts'),
  },
  ...['bullmq', 'ioredis', 'socket.io', 'nodemailer'].map((name) => ({
    rule: 'transport-only-in-infra',
    because: `a module speaks ${name}`,
    files: package_(`${ORDERS}/orders.jobs.ts`, name),
  })),
  {
    rule: 'gateway-sdk-only-in-gateways',
    because: 'the payment service speaks stripe itself',
    files: package_('src/modules/payments/payments.service.ts', 'stripe'),
  },
  { rule: 'no-orphans', because: 'nobody imports it', files: { 'src/shared/x.ts': EMPTY } },
  { rule: 'no-unresolvable', because: 'the file is not there', files: { 'src/server.ts': uses('./missing.ts') } },
  { rule: 'no-unlisted-packages', because: 'not in package.json', files: package_('src/server.ts', 'unlisted') },
  { rule: 'src-not-to-dev-dependency', because: 'a test library in src', files: package_('src/server.ts', 'vitest') },
];

/** What the rules must leave alone. */
export const allowedImports: Plant[] = [
  {
    because: 'a module uses a lower one by its index',
    files: edge(`${ORDERS}/index.ts`, 'src/modules/users/index.ts'),
  },
  {
    because: 'report queries read the models of others',
    files: edge('src/modules/reports/sales.queries.ts', `${ORDERS}/order.model.ts`),
  },
  {
    because: 'the worker starts processors',
    files: {
      ...edge('src/worker.ts', 'src/worker-jobs.ts'),
      ...edge('src/worker-jobs.ts', `${ORDERS}/orders.processor.ts`),
    },
  },
  {
    because: 'the demo starts the system through a script that knows src',
    files: { ...edge('scripts/demo.ts', 'scripts/stack.ts'), ...edge('scripts/stack.ts', 'src/config/env.schema.ts') },
  },
  { because: 'app mounts health', files: edge('src/app.ts', 'src/modules/health/health.router.ts') },
  { because: 'routes.ts mounts routers', files: edge('src/routes.ts', `${ORDERS}/orders.router.ts`) },
  { because: 'routes.ts lists contracts', files: edge('src/routes.ts', `${ORDERS}/orders.schema.ts`) },
  { because: 'models.ts loads models', files: edge('src/models.ts', `${ORDERS}/order.model.ts`) },
  { because: 'infra speaks to Redis', files: package_('src/infra/redis/x.ts', 'ioredis') },
  { because: 'the gateway speaks to Stripe', files: package_('src/modules/payments/gateways/stripe.ts', 'stripe') },
  {
    because: 'a machine takes types of its module',
    files: edge(`${ORDERS}/order.machine.ts`, `${ORDERS}/orders.schema.ts`, usesType),
  },
  { because: 'a machine throws', files: edge(`${ORDERS}/order.machine.ts`, 'src/errors/index.ts') },
];
