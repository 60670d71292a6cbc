import { describe, expect, it } from 'vitest';
import { compareHits, holdsAll, penaltyOf, type HitKey } from '../../../src/modules/menu/search/rank-hits.ts';

const word = (typed: string, guesses: { word: string; typos: number }[] = []) => ({ typed, guesses });

describe('penaltyOf', () => {
  it('prefers the whole word to its beginning, and that to a mistyped one', () => {
    const biryani = word('biryan', [{ word: 'biryani', typos: 1 }]);
    expect(penaltyOf('Biryani', [word('biryani')])).toBe(0);
    expect(penaltyOf('Biryani', [biryani])).toBe(1);
    expect(penaltyOf('Biryani', [word('biriani', [{ word: 'biryani', typos: 1 }])])).toBe(10);
    expect(penaltyOf('Biryani', [word('biriany', [{ word: 'biryani', typos: 2 }])])).toBe(20);
  });

  it('adds up over the words', () => {
    const words = [word('bir'), word('ryce', [{ word: 'rice', typos: 1 }]), word('hot')];
    expect(penaltyOf('Hot biryani rice', words)).toBe(11);
  });

  it('takes the likeliest guess that the text holds, and a guess as a whole word only', () => {
    const ice = word('icce', [
      { word: 'rice', typos: 2 },
      { word: 'ice', typos: 1 },
    ]);
    expect(penaltyOf('Ice with rice', [ice])).toBe(20);
    expect(penaltyOf('Ice', [ice])).toBe(10);
    expect(holdsAll([penaltyOf('Iced tea', [ice]), 0, 0, ''])).toBe(false);
  });

  it('of a text of more than twelve words is one more', () => {
    const title = Array.from({ length: 11 }, (_, index) => `w${index}`).join(' ');
    expect(penaltyOf(`${title} biryani`, [word('biryani')])).toBe(0);
    expect(penaltyOf(`${title} w11 biryani`, [word('biryani')])).toBe(1);
  });
});

describe('holdsAll', () => {
  it('is true of any number of mistyped letters, and false as soon as one word is missing', () => {
    const typos = Array.from({ length: 6 }, (_, index) => word(`x${index}`, [{ word: `w${index}`, typos: 2 }]));
    const text = 'w0 w1 w2 w3 w4 w5';
    expect(holdsAll([penaltyOf(text, typos), 0, 0, ''])).toBe(true);
    expect(holdsAll([penaltyOf(text, [word('w0'), word('absent')]), 0, 0, ''])).toBe(false);
  });
});

describe('compareHits', () => {
  it('goes by penalty, kind, popularity and id, in this order', () => {
    const sorted: HitKey[] = [
      [0, 1, 9, 'z'],
      [1, 0, 9, 'a'],
      [1, 1, -5, 'b'],
      [1, 1, 0, 'a'],
      [1, 1, 0, 'b'],
    ];
    expect(sorted.toReversed().sort(compareHits)).toEqual(sorted);
    expect(compareHits([1, 1, 0, 'b'], [1, 1, 0, 'b'])).toBe(0);
  });
});
