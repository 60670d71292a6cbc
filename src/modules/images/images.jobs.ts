import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const subject = z.strictObject({ imageId: z.string().regex(ID_PATTERN) });

/** Eight attempts over some ten minutes; what is still not done then the sweep takes up again. */
export const imageQueue = defineQueue({
  name: 'image',
  attempts: 8,
  backoffMs: 2000,
  jobs: { 'make-variants': subject, 'show-picture': subject, 'destroy-assets': subject },
});
