import { describe, expect, it } from 'vitest';
import { lineOfText } from '../../../src/shared/line-of-text.ts';

const schema = lineOfText(40);

describe('lineOfText', () => {
  it.each([
    ['letters with marks', 'Crème brûlée'],
    ['Persian with a non-joiner', 'می\u200cخواهم'],
    ['Malayalam that ends with a joiner', 'അവന്\u200d'],
    ['a family', '👨\u200d👩\u200d👧'],
    ['a doctor of some colour', '👩🏽\u200d⚕\ufe0f'],
    ['a flag', '🇮🇳'],
    ['a number', '7'],
    ['a thumb', '👍'],
  ])('takes %s', (_name, text) => {
    expect(schema.parse(text)).toBe(text.normalize('NFC'));
  });

  it.each([
    ['zero-width spaces', '\u200b\u200b'],
    ['a filler of Hangul', '\u3164'],
    ['other fillers', '\u115f\u1160\uffa0'],
    ['a mark of direction', '\u200f'],
    ['an empty Braille cell', '\u2800'],
    ['joiners alone', '\u200d'],
    ['variation selectors', '\ufe0f\ufe0f'],
    ['punctuation alone', '...'],
    ['a name with a zero-width space', 'Asha\u200b'],
    ['a name with a filler', 'Asha\u3164'],
    ['a name with a joiner behind it', 'Asha\u200d'],
    ['two joiners', 'a\u200d\u200db'],
    ['a soft hyphen', 'Pep\u00adper'],
    ['a turned direction', 'Asha\u202e'],
    ['a line break', 'a\nb'],
  ])('refuses %s', (_name, text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });
});
