import { checkInvariants } from '../check-invariants/index.ts';
import type { Stage } from './stage.ts';

/** What `npm run check:invariants -- --at-rest` finds, over everything that this run has left in the database so far. */
export async function judgeDomain({ uri, cloud }: Stage): Promise<string[]> {
  const { results } = await checkInvariants({ uri, providerUrl: cloud.stripeUrl, isAtRest: true });
  return results
    .filter(({ violations }) => violations > 0)
    .map(({ name, source, violations, examples: [example] }) => {
      return `${name} (${source}): ${violations}, such as ${example?.problem ?? ''} ${JSON.stringify(example?.ids)}`;
    });
}
