import { listMissBench } from './catalogue/list-miss.ts';
import { catalogueScaleBench } from './catalogue/scale.ts';
import { cachedListBench } from './cached-list/index.ts';
import { enumerationBench } from './enumeration/index.ts';
import { loginStormBench } from './login-storm/index.ts';
import { placeOrderBench } from './place-order/index.ts';
import { seedBench } from './seed/index.ts';
import type { Bench } from './types.ts';

/** Every bench that `npm run bench -- <name>` knows. */
export const benches: readonly Bench[] = [
  cachedListBench,
  placeOrderBench,
  loginStormBench,
  enumerationBench,
  listMissBench,
  catalogueScaleBench,
  seedBench,
];
