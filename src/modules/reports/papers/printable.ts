/** Read from right to left: letters and their marks, no digits, which are not. */
const RTL = '\\u05D0-\\u05EA\\u0621-\\u063A\\u0640-\\u0652\\u067E\\u0686\\u06A9\\u06AF\\u06CC';
/** What both cuts of DejaVu have: Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation, signs of currencies. */
const DEJAVU = new RegExp(
  '^[\\u0020-\\u007E\\u00A0-\\u024F\\u0384-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u04FF\\u1E00-\\u1EFB\\u2010-\\u2027' +
    `\\u202F-\\u205E\\u20A0-\\u20B5\\u20B8-\\u20BA\\u20BD\\u2212${RTL}]+$`,
);
/** What Noto Sans Devanagari has: Devanagari with its joiner, and enough Latin to stand beside it. */
const NOTO =
  /^(?:[\u0020-\u007E\u00A0-\u00A3\u00A7-\u00A9\u00AB\u00AD-\u00B0\u00B4\u00B6-\u00B8\u00BA\u00BB\u00BF-\u00FF\u0964\u0965\u2013\u2014\u2018-\u201D\u2022\u2026\u20AC\u20B9]|\p{Script=Devanagari}|\u200D)+$/u;
const HIDDEN = /\p{Cc}|[\u061C\u200B\u200C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const MISSING = { dejavu: '□', noto: '?' } as const;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const BETWEEN_RTL = new RegExp(`(?<=[${RTL}]) (?=[${RTL}])`, 'g');
const AFTER_RTL = new RegExp(`(?<=[${RTL}]) (?![${RTL}])`, 'g');

/** Whether it is set in Noto Sans Devanagari rather than in DejaVu. */
export function isDevanagari(text: string): boolean {
  return /[\u0900-\u097F]/.test(text);
}

/**
 * Text as its font can print it. What that has no glyph for (emoji, scripts of China, Japan, Thailand) becomes one sign per character that
 * a reader sees; controls, which could turn the direction of a line, go.
 */
export function printable(text: string): string {
  const plain = text.normalize('NFC').replaceAll(/\s+/g, (gap) => (gap.length === 1 && gap >= '\u00A0' ? gap : ' '));
  const [known, missing] = isDevanagari(plain) ? [NOTO, MISSING.noto] : [DEJAVU, MISSING.dejavu];
  const shown = [...graphemes.segment(plain.replaceAll(HIDDEN, ''))]
    .map(({ segment }) => (known.test(segment) ? segment : missing))
    .join('');
  // pdfkit shapes and turns word by word: what is read as one stays one, and its last space, turned to the front, is made up for.
  return shown.replaceAll(BETWEEN_RTL, '\u00A0').replaceAll(AFTER_RTL, '  ');
}
