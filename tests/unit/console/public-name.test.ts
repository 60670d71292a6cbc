import { describe, expect, it } from 'vitest';
import { nameKeyOf } from '../../../src/modules/console/brands/public-name.service.ts';

describe('nameKeyOf', () => {
  it.each(['Café  Ünïcode & Sons', 'CAFE UNICODE SONS', 'Cafe-Unicode, Sons!', 'ＣＡＦＥ unicode sons'])(
    'takes %j for the same name as others that read alike',
    (name) => {
      expect(nameKeyOf(name)).toBe('cafe unicode sons');
    },
  );

  it('keeps apart what differs by a word, a digit, or a vowel sign', () => {
    const names = ['Salt', 'Salt Salt', 'Salt 2', 'कि', 'का', '寿司'];
    expect(new Set(names.map(nameKeyOf)).size).toBe(names.length);
  });

  it('of a name without words is the name, so that it is one at all', () => {
    expect(nameKeyOf('🍕!')).toBe('🍕!');
  });
});
