import { z } from 'zod';

/** As it stands in the link, after `#token=`. */
export const linkTokenSchema = z
  .string()
  .min(1)
  .max(200)
  .meta({
    description: 'From the link in the mail; good once.',
    examples: ['Nn2d3c6l0c7mIjV0c2hB9aQpYkz1mX8oR5tE4wUuGfA'],
  });
