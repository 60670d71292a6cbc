import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitPriceOf, validateSelection, type SelectableGroup } from '../../../src/modules/menu/selection.ts';

const option = (id: string, isAvailable = true) => ({ id, name: id, priceMinor: 100, isAvailable });

const item: { optionGroups: SelectableGroup[] } = {
  optionGroups: [
    { id: 'size', name: 'Size', minSelect: 1, maxSelect: 1, options: [option('small'), option('large')] },
    {
      id: 'extras',
      name: 'Extras',
      minSelect: 0,
      maxSelect: 2,
      options: [option('cheese'), option('egg'), option('olives', false)],
    },
  ],
};

const codes = (optionIds: string[]): string[] => validateSelection(item, optionIds).problems.map(({ code }) => code);

describe('validateSelection', () => {
  it('takes a complete selection and answers in the order of the menu', () => {
    const { options, problems } = validateSelection(item, ['egg', 'large']);
    expect(problems).toEqual([]);
    expect(options.map(({ id }) => id)).toEqual(['large', 'egg']);
  });

  it.each([
    ['a required group is left out', [], ['too_few_options']],
    ['a group has too many', ['small', 'large'], ['too_many_options']],
    ['an option is unknown', ['small', 'wings'], ['unknown_option']],
    ['an option comes twice', ['small', 'egg', 'egg'], ['duplicate_option']],
    ['an option is sold out', ['small', 'olives'], ['option_unavailable']],
    [
      'several things are wrong at once',
      ['wings', 'olives'],
      ['unknown_option', 'option_unavailable', 'too_few_options'],
    ],
  ])('names the problem when %s', (_name, optionIds, expected) => {
    expect(codes(optionIds)).toEqual(expected);
  });

  it('points at the position in the request and at the group', () => {
    expect(validateSelection(item, ['wings']).problems.map(({ path }) => path)).toEqual([
      'optionIds.0',
      'optionGroups.size',
    ]);
  });

  it('needs nothing of an item without groups', () => {
    expect(validateSelection({ optionGroups: [] }, [])).toEqual({ size: null, options: [], problems: [] });
  });

  it('accepts exactly the selections whose groups are within their limits', () => {
    const group = fc.record({
      minSelect: fc.integer({ min: 0, max: 2 }),
      maxSelect: fc.integer({ min: 2, max: 3 }),
      chosen: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 4 }), (groups) => {
        const optionGroups = groups.map(({ minSelect, maxSelect }, g) => {
          return {
            id: `g${g}`,
            name: `g${g}`,
            minSelect,
            maxSelect,
            options: [0, 1, 2, 3].map((o) => option(`g${g}o${o}`)),
          };
        });
        const optionIds = groups.flatMap(({ chosen }, g) => Array.from({ length: chosen }, (_, o) => `g${g}o${o}`));
        const fits = groups.every(({ minSelect, maxSelect, chosen }) => minSelect <= chosen && chosen <= maxSelect);
        expect(validateSelection({ optionGroups }, optionIds).problems.length === 0).toBe(fits);
      }),
    );
  });
});

describe('sizes and nested groups', () => {
  const sized = {
    priceMinor: 900,
    sizes: [{ id: 's', name: 's', priceMinor: 1_000, isAvailable: true }],
    optionGroups: [],
  };
  const nested = {
    priceMinor: 500,
    optionGroups: [
      {
        ...{ id: 'bread', name: 'Bread', minSelect: 0, maxSelect: 1 },
        options: [
          {
            ...option('naan'),
            groups: [{ id: 'fat', name: 'Fat', minSelect: 1, maxSelect: 1, options: [option('ghee'), option('oil')] }],
          },
          option('rice'),
        ],
      },
    ],
  };
  const codesOf = (optionIds: string[]) => validateSelection(nested, optionIds).problems.map(({ code }) => code);

  it('need exactly one size where there are any, whose price takes the place of the item’s', () => {
    expect(validateSelection(sized, []).problems).toMatchObject([{ path: 'sizeId', code: 'size_required' }]);
    expect(validateSelection(sized, [], 'x').problems).toMatchObject([{ code: 'unknown_size' }]);
    expect(validateSelection(nested, [], 's').problems).toMatchObject([{ code: 'unknown_size' }]);
    expect(unitPriceOf(sized, validateSelection(sized, [], 's'))).toBe(1_000);
  });

  it('ask for a nested group only with the option that it hangs on', () => {
    expect(codesOf([])).toEqual([]);
    expect(codesOf(['rice'])).toEqual([]);
    expect(codesOf(['naan'])).toEqual(['too_few_options']);
    expect(codesOf(['naan', 'ghee'])).toEqual([]);
    expect(codesOf(['naan', 'ghee', 'oil'])).toEqual(['too_many_options']);
    expect(codesOf(['rice', 'ghee'])).toEqual(['parent_missing']);
  });

  it('cost the size or the item, and each option that fits, whatever is asked for', () => {
    const ids = fc.subarray(['naan', 'rice', 'ghee', 'oil']);
    fc.assert(
      fc.property(ids, fc.constantFrom(null, 's', 'x'), (optionIds, sizeId) => {
        const item = { ...nested, sizes: sized.sizes };
        const { problems, ...selection } = validateSelection(item, optionIds, sizeId);
        const isFitting =
          sizeId === 's' && ['', 'rice', 'ghee,naan', 'naan,oil'].includes(optionIds.toSorted().join(','));
        expect(problems.length === 0).toBe(isFitting);
        if (isFitting) expect(unitPriceOf(item, selection)).toBe(1_000 + 100 * optionIds.length);
      }),
    );
  });
});
