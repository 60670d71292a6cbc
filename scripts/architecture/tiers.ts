/**
 * The one list of who stands on whom, lowest first (architecture.md section 8). Inside a tier imports are allowed as long as there is
 * no cycle. The dependency rules are generated from it, and a test fails for a folder or file of `src` that is missing here.
 */
export const layers: readonly (readonly string[])[] = [
  ['shared', 'errors'],
  ['config'],
  ['infra'],
  ['realtime', 'http'],
  ['modules'],
  ['app', 'routes', 'models', 'notices', 'subscriptions', 'public-versions', 'bootstrap', 'listen'],
  ['server', 'worker', 'worker-jobs'],
];

export const moduleTiers: readonly (readonly string[])[] = [
  ['users', 'restaurants', 'images'],
  ['auth', 'menu', 'pricing', 'promotions', 'staff', 'console'],
  ['carts'],
  ['orders'],
  ['payments', 'deliveries', 'reviews', 'ledger'],
  ['checkout'],
  ['notifications', 'reports', 'operations', 'reconciliation', 'privacy', 'dashboard', 'health'],
];
