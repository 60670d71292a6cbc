import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../src/modules/reports/papers/place.ts';
import { taxPartsOf } from '../../../src/shared/tax-parts.ts';

describe('the parts of a tax', () => {
  it.each(['Asia/Kolkata', 'Europe/Paris', 'Asia/Tokyo'])('in %s are priced as many as documents show', (timeZone) => {
    expect(taxPartsOf(timeZone)).toBe(placeOf(timeZone).taxParts.length);
  });
});
