import { z } from 'zod';
import { lineOfText } from '../../shared/line-of-text.ts';

/** Normalised before it is compared with anything: case, spaces and Unicode forms make no second account. */
export const emailSchema = z
  .string()
  // Ends there: normalising takes the square of the marks in a row, and a body has room for forty thousand.
  .max(320, { abort: true })
  .trim()
  .normalize('NFC')
  .toLowerCase()
  .pipe(z.email().max(254))
  .meta({ examples: ['asha@example.com'] });

export const nameSchema = lineOfText(100).meta({ examples: ['Asha Rao'] });

export const phoneSchema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be an international number such as +915550100123')
  .meta({ examples: ['+915550100123'] });
