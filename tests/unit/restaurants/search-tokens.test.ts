import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryTokensOf, searchTokensOf } from '../../../src/modules/restaurants/search-tokens.ts';

function matches(source: { name: string; cuisines: string[] }, q: string): boolean {
  const stored = new Set(searchTokensOf(source));
  return queryTokensOf(q).every((token) => stored.has(token));
}

describe('search tokens', () => {
  const cafe = { name: "Café D'Or – Spice Garden", cuisines: ['north-indian'] };

  it.each(['spi', 'SPICE gar', 'garden spice', 'cafe', 'café', 'd', 'north', 'indian café'])(
    'finds the restaurant by %s',
    (q) => {
      expect(matches(cafe, q)).toBe(true);
    },
  );

  it.each(['pice', 'spicex', 'spice sushi'])('does not find it by %s', (q) => {
    expect(matches(cafe, q)).toBe(false);
  });

  it('treats operators and patterns as punctuation', () => {
    expect(queryTokensOf('.*')).toEqual([]);
    expect(queryTokensOf('$where: (a+)+$')).toEqual(['where', 'a']);
  });

  it('reads other scripts', () => {
    expect(matches({ name: 'مطعم الزعفران', cuisines: [] }, 'مطع')).toBe(true);
    expect(matches({ name: 'मसाला घर', cuisines: [] }, 'मसा')).toBe(true);
  });

  it('cuts a word longer than any stored prefix instead of missing it', () => {
    const name = 'Donaudampfschifffahrtsgesellschaft';
    expect(matches({ name, cuisines: [] }, name)).toBe(true);
  });

  it('matches every prefix of every word of any name, within the limits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }), { minLength: 1, maxLength: 5 }),
        (words) => {
          const name = words.join(' ');
          for (const word of queryTokensOf(name)) {
            expect(matches({ name, cuisines: [] }, word.slice(0, Math.ceil(word.length / 2)))).toBe(true);
          }
        },
      ),
    );
  });
});
