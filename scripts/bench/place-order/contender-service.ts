/** Ours without HTTP and without the provider: token, reads, checks and the transaction, called in its own process. Also prepares. */
import mongoose from 'mongoose';
import { bootstrap } from '../../../src/bootstrap.ts';
import { verifyAccessToken } from '../../../src/modules/auth/index.ts';
import { commitOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { seedCity } from '../../sample-city/index.ts';
import { serve } from '../child.ts';
import { closedLoop } from '../closed-loop.ts';
import { countCommands } from './count-commands.ts';
import { NOTES, type Job, type RunRequest } from './jobs.ts';
import { prepareJobs } from './prepare-jobs.ts';

async function place({ token, quoteId, key, userId }: Job): Promise<void> {
  const actor = await verifyAccessToken(token);
  const idempotency = { key, operation: 'placeOrder', userId, bodyHash: quoteId };
  const { isReplay } = await commitOrder({ quoteId, paymentMethod: 'card', notes: NOTES, idempotency }, actor);
  if (isReplay) throw new Error('a replay is no order');
}

serve({
  open: bootstrap,
  seed: () => seedCity({ profile: 'demo' }),
  prepare: ({ count }: { count: number }) => prepareJobs(count),
  cpu: () => Promise.resolve(process.cpuUsage()),
  run: ({ jobs, inFlight }: RunRequest) => closedLoop(jobs, inFlight, place),
  count: ({ jobs }: RunRequest) => countCommands(mongoose.connection.getClient(), () => closedLoop(jobs, 1, place)),
});
