import { z } from 'zod';

/** Line breaks, other control characters, and U+2028/2029, which some readers take for line breaks. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line of text for people to read: trimmed, NFC, nothing that breaks a log line, a mail header or a label. */
export function lineOfText(maxLength: number) {
  return z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(maxLength)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters');
}

/** Normalised before it is compared with anything: case, spaces and Unicode forms make no second account. */
export const emailSchema = z
  .string()
  .max(320)
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
