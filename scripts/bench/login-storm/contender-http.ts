/** The generator of the storm: `POST /auth/login`, each by another person. */
import { BENCH_PASSWORD } from '../bench-users.ts';
import { serve } from '../child.ts';
import { closedLoop } from '../closed-loop.ts';
import { postJson } from '../post-json.ts';
import type { BurstResult, StormRequest } from './storm.ts';

let url = '';

function logIn(email: string) {
  return postJson(`${url}/api/v1/auth/login`, { email, password: BENCH_PASSWORD });
}

async function logInForSure(email: string): Promise<void> {
  const { status, text } = await logIn(email);
  if (status !== 200) throw new Error(`POST /auth/login answered ${status}: ${text.slice(0, 300)}`);
}

/** All at once: more than the queue holds. */
async function burst(emails: string[]): Promise<BurstResult> {
  const result: BurstResult = { accepted: 0, refused: 0, others: 0, slowestRefusalMs: 0, slowestAcceptedMs: 0 };
  await Promise.all(
    emails.map(async (email) => {
      const startedAt = performance.now();
      const { status } = await logIn(email);
      const tookMs = performance.now() - startedAt;
      if (status === 200) {
        result.accepted += 1;
        result.slowestAcceptedMs = Math.max(result.slowestAcceptedMs, tookMs);
      } else if (status === 503) {
        result.refused += 1;
        result.slowestRefusalMs = Math.max(result.slowestRefusalMs, tookMs);
      } else {
        result.others += 1;
      }
    }),
  );
  return result;
}

serve({
  open: (target: { url: string }) => {
    ({ url } = target);
    return Promise.resolve();
  },
  run: ({ emails, inFlight }: StormRequest) => closedLoop(emails, inFlight, logInForSure),
  burst: ({ emails }: { emails: string[] }) => burst(emails),
});
