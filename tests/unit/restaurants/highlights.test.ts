import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightsOf, wordsOf } from '../../../src/modules/restaurants/search-tokens.ts';
import { deletesOf, typosBetween } from '../../../src/modules/restaurants/words/similar-words.ts';

function marked(text: string, beginnings: string[], words: string[] = []): string[] {
  return highlightsOf(text, { beginnings, words }).map(({ start, end }) => text.slice(start, end));
}

describe('highlightsOf', () => {
  it.each<[string, string[], string[]]>([
    ['Chicken Biryani', ['bir'], ['Bir']],
    ['Café Crème', ['cre', 'cafe'], ['Café', 'Crè']],
    // A composed accent and one that follows its letter are the same letter to the eye.
    ['Cafe\u0301 noir', ['cafe'], ['Cafe\u0301']],
    ['ﬁsh', ['f'], ['ﬁ']],
    ['👩‍👩‍👧 menu', ['men'], ['men']],
    ['مطعم المنارة', ['المن'], ['المن']],
    ['Biryani biryani', ['biryani'], ['Biryani', 'biryani']],
    ['Pizza', ['izza'], []],
  ])('in %s by %j, marks %j', (text, beginnings, expected) => {
    expect(marked(text, beginnings)).toEqual(expected);
  });

  it('a guessed word, whole, is marked whole and its longer relatives are not', () => {
    expect(marked('Biryani and biryanis', [], ['biryani'])).toEqual(['Biryani']);
  });

  it('any text and any beginning of one of its words, is marked in order, in bounds and never inside a letter', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(), fc.nat(), (text, which, length) => {
        const words = wordsOf(text);
        fc.pre(words.length > 0);
        const word = words[which % words.length] ?? '';
        const ranges = highlightsOf(text, { beginnings: [word.slice(0, 1 + (length % word.length))], words: [] });
        expect(ranges.length).toBeGreaterThan(0);
        const borders = new Set(Array.from(segmenter.segment(text), ({ index }) => index)).add(text.length);
        let last = 0;
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect([borders.has(start), borders.has(end)]).toEqual([true, true]);
          last = end;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('similar words', () => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from('abcdefgh')), minLength: 4, maxLength: 12 });

  it('any word with one letter changed, added or dropped, and a long one with two, shares a delete with it and is its typo', () => {
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('x', 'yx', ''), (meant, at, instead) => {
        const letters = Array.from(meant);
        const typed = letters.with(at % letters.length, instead).join('');
        const deletes = new Set(deletesOf(meant));
        const distance = instead === 'yx' ? 2 : 1;
        if (distance === 1 || typed.length >= 8) expect(deletesOf(typed).some((one) => deletes.has(one))).toBe(true);
        if (typed.length >= 5) expect(typosBetween(typed, meant)).toBe(distance);
      }),
    );
  });

  it.each([
    ['biriyani', 'biryani', 1],
    ['piza', 'pizza', 1],
    ['brugers', 'burgers', 2],
    ['margarita', 'margherita', 2],
    ['thia', 'thai', null],
    ['naam', 'naan', 1],
    ['thai', 'chai', null],
    ['rice', 'ice', null],
    ['momo', 'mamas', null],
    ['sushi', 'pasta', null],
  ])('%s for %s, is %j letters away', (typed, meant, typos) => {
    expect(typosBetween(typed, meant)).toBe(typos);
  });
});
