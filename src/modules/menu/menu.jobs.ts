import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/** Imports of menus. Eight attempts over some ten minutes, then a human. */
export const menuQueue = defineQueue({
  name: 'menu',
  attempts: 8,
  backoffMs: 2000,
  jobs: { 'apply-import': z.strictObject({ importId: id }) },
});
