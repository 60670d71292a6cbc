import { describe, expect, it } from 'vitest';
import { missingParts } from '../../../src/modules/console/onboarding/completeness.ts';

const COMPLETE = {
  modes: ['delivery'],
  hours: [{ weekday: 1, opens: '10:00', closes: '22:00' }],
  taxRates: { food: 500 },
  currency: 'INR',
  deliveryAreas: [],
  feeBands: [{ upToMeters: 3000, feeMinor: 2500 }],
};
const MENU = { orderableCount: 1, currencies: ['INR'], taxCategories: ['food'] };

function missing(changes: Partial<typeof COMPLETE>, menu: Partial<typeof MENU> = {}): string[] {
  return missingParts({ ...COMPLETE, ...changes }, { ...MENU, ...menu }).map(({ path, code }) => `${path} ${code}`);
}

describe('missingParts', () => {
  it('of a complete restaurant are none', () => {
    expect(missing({})).toEqual([]);
    expect(missing({ taxRates: { food: 0 } })).toEqual([]);
  });

  it('name everything at once', () => {
    expect(
      missing(
        { hours: [], taxRates: {} as never, feeBands: [] },
        { orderableCount: 0, currencies: [], taxCategories: [] },
      ),
    ).toEqual([...['hours missing', 'taxRates missing', 'feeBands missing', 'menu missing']]);
  });

  it('are no fees where there are areas with fees of their own, or nothing is delivered', () => {
    expect(missing({ feeBands: [], deliveryAreas: [{}] as never })).toEqual([]);
    expect(missing({ feeBands: [], modes: ['collection'] })).toEqual([]);
  });

  it('are the rates of every tax category of its dishes', () => {
    const beverages = { taxRates: { beverage: 500 } as never };
    expect(missing(beverages)).toEqual(['taxRates.food missing']);
    expect(missing(beverages, { taxCategories: ['food', 'beverage', 'alcohol'] })).toEqual([
      ...['taxRates.food missing', 'taxRates.alcohol missing'],
    ]);
  });

  it('are dishes in the restaurant’s own currency', () => {
    expect(missing({ currency: 'EUR' })).toEqual(['menu other_currency']);
  });
});
