import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/**
 * A queue of its own: somebody waits in front of the screen, so a code waits behind no receipt, and is given up after about a minute,
 * when the person has long asked again.
 */
export const codeQueue = defineQueue({
  name: 'code',
  attempts: 6,
  backoffMs: 1000,
  jobs: {
    'send-code': z.strictObject({ codeId: id, round: id, channel: z.enum(['sms', 'email']) }),
  },
});
