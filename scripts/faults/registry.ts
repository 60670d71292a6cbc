import { apiKilled } from './r01-api-killed.ts';
import type { Scenario } from './types.ts';

/** Every scenario that `npm run faults -- <name>` knows, by its number in bar.md 2.3. */
export const scenarios: readonly Scenario[] = [apiKilled];
