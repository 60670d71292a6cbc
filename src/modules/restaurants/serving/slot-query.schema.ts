import { z } from 'zod';
import { dateFrom } from '../../../shared/clock.ts';

/** Of what shows dishes: the menu, and every answer that is a cart. */
export const slotQuery = z.strictObject({
  slot: z.iso
    .datetime()
    .transform(dateFrom)
    .optional()
    .meta({
      description:
        'Judges the dishes for the slot that begins then (`from` of one of GET /restaurants/{restaurantId}/slots), as its quote will; ' +
        'absent: for now.',
    }),
});
