import { z } from 'zod';

/**
 * Line breaks, other control characters, U+2028/2029, which some readers take for line breaks, what turns text around, and whatever
 * else is not seen (\p{Cf}, the fillers of Hangul). Of that, U+200C and U+200D have a use in words and emoji: see `LOOSE_JOINER`.
 */
const UNPRINTABLE = /[[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\u3164\uffa0]--[\u200c\u200d]]/v;
/** Joins nothing: it stands before or behind no letter. Behind a vowel sign or virama it may end a word. */
const LOOSE_JOINER =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|(?<!\p{M})[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/v;
const VISIBLE = /[[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]--\p{Default_Ignorable_Code_Point}]/v;

/** Composed letters, and blanks at the ends, may take more than what is left of them. */
const RAW_FACTOR = 4;

/** One line of text for people to read: trimmed, NFC, nothing that breaks a log line, a mail header or a label, and something to see. */
export function lineOfText(maxLength: number) {
  return lineToFind(maxLength).refine((text) => VISIBLE.test(text), 'must contain a letter, a digit or a pictograph');
}

/** What somebody looks for, which may be a dot alone. */
export function lineToFind(maxLength: number) {
  return (
    z
      .string()
      // Ends there: normalising takes the square of the marks in a row, and a body has room for forty thousand.
      .max(RAW_FACTOR * maxLength, { abort: true })
      .trim()
      .normalize('NFC')
      .min(1)
      .max(maxLength)
      .refine((text) => !UNPRINTABLE.test(text) && !LOOSE_JOINER.test(text), 'must not contain control characters')
  );
}
