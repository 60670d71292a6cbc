import { describe, expect, it } from 'vitest';
import { parseMenu } from '../../../scripts/sample-city/parse-menu.ts';

describe('parseMenu', () => {
  it('reads sections, prices and tags', () => {
    const table = `
# Hot
Prawn Curry (for two)   429  shellfish +spice
# Cold
Cola                     60  vegan drink packaged
`;
    expect(parseMenu(table)).toEqual([
      {
        name: 'Hot',
        dishes: [
          {
            name: 'Prawn Curry (for two)',
            price: 429,
            diets: [],
            allergens: ['crustaceans'],
            taxCategory: 'food',
            groups: ['spice'],
          },
        ],
      },
      {
        name: 'Cold',
        dishes: [
          {
            name: 'Cola',
            price: 60,
            diets: ['vegetarian', 'vegan'],
            allergens: [],
            taxCategory: 'packaged',
            groups: [],
          },
        ],
      },
    ]);
  });

  it('refuses a tag it does not know, and a line without a price', () => {
    expect(() => parseMenu('# A\nSoup   99  vegann')).toThrow('Soup: no such tag vegann');
    expect(() => parseMenu('# A\nSoup   99  +sizes')).toThrow('no such tag +sizes');
    expect(() => parseMenu('# A\nSoup of the day')).toThrow('not a dish');
  });
});
