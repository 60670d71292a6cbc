import { enumerationBench } from './enumeration/index.ts';
import { loginStormBench } from './login-storm/index.ts';
import { placeOrderBench } from './place-order/index.ts';
import type { Bench } from './types.ts';

/** Every bench that `npm run bench -- <name>` knows. */
export const benches: readonly Bench[] = [placeOrderBench, loginStormBench, enumerationBench];
