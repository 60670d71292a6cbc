import { z } from 'zod';
import { defineQueue } from '../../../infra/queue/index.ts';
import { ID_PATTERN } from '../../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);

/** Who is ordered from. Five attempts within a minute; nobody was promised a place in a list. */
export const popularityQueue = defineQueue({
  name: 'popularity',
  attempts: 5,
  backoffMs: 2000,
  jobs: { 'count-delivered': z.strictObject({ restaurantId: id }) },
});
