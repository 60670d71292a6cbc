import { describe, expect, it } from 'vitest';
import { deletesOf, isGuessable, typosBetween } from '../../../src/modules/restaurants/words/similar-words.ts';

describe('typosBetween', () => {
  it.each([
    ['pizza', 'pizza', 0],
    ['piza', 'pizza', 1],
    ['pizzza', 'pizza', 1],
    ['briyani', 'biryani', 2],
    ['margarita', 'margherita', 2],
    ['寿司定食', '寿司和食', 1],
  ])('counts %s for %s', (typed, word, typos) => {
    expect(typosBetween(typed, word)).toBe(typos);
  });

  it.each([
    ['three letters', 'biryani', 'bxrxaxi'],
    ['two letters of four', 'rcei', 'rice'],
    ['another beginning of four', 'mice', 'rice'],
  ])('takes %s for another word', (_what, typed, word) => {
    expect(typosBetween(typed, word)).toBeNull();
  });

  it('forgives another beginning from five letters on', () => {
    expect(typosBetween('kizza', 'pizza')).toBe(1);
  });
});

describe('isGuessable', () => {
  it('is a word of four letters, as people count them', () => {
    expect(['pie', '🍕🍕', 'rice', '寿司定食'].map(isGuessable)).toEqual([false, false, true, true]);
  });
});

describe('deletesOf', () => {
  it('is the word and what is left of it without one letter, each once', () => {
    expect(deletesOf('papa').toSorted()).toEqual(['apa', 'paa', 'pap', 'papa', 'ppa']);
    expect(deletesOf('a')).toEqual(['a']);
  });

  it('is without two letters, too, from eight on', () => {
    expect(deletesOf('abcdefg')).not.toContain('abcde');
    expect(deletesOf('abcdefgh')).toContain('abcdef');
    expect(deletesOf('abcdefgh')).toHaveLength(1 + 8 + 28);
  });
});
