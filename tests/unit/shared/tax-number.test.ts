import { describe, expect, it } from 'vitest';
import { frenchVatOf, gstinOf, isTaxNumber } from '../../../src/shared/tax-number.ts';

describe('a tax number', () => {
  it.each([
    ['IN', '27AAPFU0939F1ZV'],
    ['IN', '29AAGCB7383J1Z4'],
    ['FR', 'FR40303265045'],
    ['FR', 'FR83404833048'],
    // A key with letters is given by hand; the SIREN still has its check digit.
    ['FR', 'FRK7303265045'],
    ['DE', 'DE136695976'],
  ])('of %s with its check digit is one: %s', (country, number) => {
    expect(isTaxNumber(country, number)).toBe(true);
  });

  it.each([
    ['IN', '27AAPFU0939F1ZW'],
    ['IN', '27AAPFU0939F2ZV'],
    ['IN', '27AAPFU0939F1Z'],
    ['IN', '27aapfu0939f1zv'],
    ['IN', 'FR40303265045'],
    ['FR', 'FR41303265045'],
    ['FR', 'FR40303265046'],
    ['FR', 'FR 40303265045'],
    ['FR', 'FRIO303265045'],
    ['DE', 'DE 136695976'],
    ['DE', 'D'],
  ])('of %s mistyped is none: %s', (country, number) => {
    expect(isTaxNumber(country, number)).toBe(false);
  });

  it('of a sample is made with the digits that the state would give it', () => {
    expect(gstinOf('27AAPFU0939F1Z')).toBe('27AAPFU0939F1ZV');
    expect(frenchVatOf('303265045')).toBe('FR40303265045');
  });
});
