import { defineProcessor } from '../../infra/queue/index.ts';
import { codeQueue } from './codes.jobs.ts';
import { sendCode } from './codes.service.ts';

/**
 * Purpose: six-digit codes by text message or mail. Idempotency: each attempt makes a code of its own and the last one sent is good;
 * a round that was superseded or has expired sends nothing. Retry: six attempts in about half a minute; a number that the provider
 * will never reach ends it.
 */
export const codeProcessor = defineProcessor(codeQueue, {
  concurrency: 10,
  jobs: {
    'send-code': async (request) => {
      await sendCode(request);
    },
  },
});
