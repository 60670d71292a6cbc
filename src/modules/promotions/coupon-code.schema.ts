import { z } from 'zod';

/** Plain letters, digits and hyphens, so that folding its case is upper-casing. */
export const couponCodeSchema = z
  .string()
  .max(30)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{2,29}$/, 'must be 3 to 30 letters, digits and hyphens')
  .meta({ examples: ['WELCOME20'] });
