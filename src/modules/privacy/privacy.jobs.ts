import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/** Work on stored data that nobody looks at while it runs. Eight attempts over some ten minutes, then a human. */
export const maintenanceQueue = defineQueue({
  name: 'maintenance',
  attempts: 8,
  backoffMs: 2000,
  jobs: { 'make-export': z.strictObject({ exportId: id }), 'finish-deletion': z.strictObject({ userId: id }) },
});
