/** What both cuts of the font have: Latin, Greek, Cyrillic, punctuation, signs of currencies. */
const PRINTABLE =
  /^[\u0020-\u007E\u00A0-\u024F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u04FF\u1E00-\u1EFB\u2010-\u2027\u202F-\u205E\u20A0-\u20B5\u20B8-\u20BA\u20BD\u2212]$/;
const MISSING = '□';
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text as the font can print it. What it has no glyph for (emoji, scripts that run from right to left or that need shaping) becomes one
 * box per character that a reader sees; controls, which could turn the direction of a line, go.
 */
export function printable(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/\s+/g, (gap) => (gap.length === 1 && gap >= '\u00A0' ? gap : ' '));
  return [
    ...graphemes.segment(plain.replaceAll(/\p{Cc}|[\u061C\u200B\u200C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')),
  ]
    .map(({ segment }) => (PRINTABLE.test(segment) ? segment : MISSING))
    .join('');
}
