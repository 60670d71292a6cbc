import { z } from 'zod';

/** Line breaks, other control characters, U+2028/2029, which some readers take for line breaks, and what turns text around. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Composed letters, and blanks at the ends, may take more than what is left of them. */
const RAW_FACTOR = 4;

/** One line of text for people to read: trimmed, NFC, nothing that breaks a log line, a mail header or a label. */
export function lineOfText(maxLength: number) {
  return (
    z
      .string()
      // Ends there: normalising takes the square of the marks in a row, and a body has room for forty thousand.
      .max(RAW_FACTOR * maxLength, { abort: true })
      .trim()
      .normalize('NFC')
      .min(1)
      .max(maxLength)
      .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters')
  );
}
