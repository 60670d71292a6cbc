import { z } from 'zod';
import { idSchema, timeSchema } from '../../../http/index.ts';
import { dateFrom } from '../../../shared/clock.ts';
import {
  categoryName,
  groupsInput,
  itemText,
  MAX_STOCK,
  priceSchema,
  sizesInput,
  stockInput,
} from '../menu-input.schema.ts';
import { itemFields, mealtimesSchema } from '../menu.schema.ts';
import { categoryExample, itemExample } from './editing-examples.ts';

const version = z.int().meta({ description: 'Send it in `If-Match`.' });

export const categorySchema = z
  .strictObject({
    id: idSchema,
    restaurantId: idSchema,
    name: z.string(),
    rank: z.int().meta({ description: 'Ascending from the top of the menu.' }),
    mealtimes: mealtimesSchema,
    version,
  })
  .meta({ id: 'ConsoleCategory', examples: [categoryExample] });

export const itemSchema = z
  .strictObject({
    ...itemFields,
    restaurantId: idSchema,
    categoryId: idSchema,
    sku: z.string().nullable(),
    rank: z.int(),
    stock: z.int().nullable().meta({ description: 'How many are left; null: not counted.' }),
    version,
    updatedAt: timeSchema,
  })
  .meta({ id: 'ConsoleItem', examples: [itemExample] });

export type ConsoleCategoryBody = z.output<typeof categorySchema>;
export type ConsoleItemBody = z.output<typeof itemSchema>;

const { name, description, sku, taxCategory, allergens, diets, mealtimes } = itemText;

export const createItemBody = z
  .strictObject({
    ...{ categoryId: idSchema, name, price: priceSchema, taxCategory },
    description: description.default(''),
    sku: sku.default(null),
    allergens: allergens.default([]),
    diets: diets.default([]),
    mealtimes: mealtimes.default([]),
    stock: stockInput.default(null),
    sizes: sizesInput.default([]),
    optionGroups: groupsInput.default([]),
  })
  .meta({
    id: 'CreateItem',
    examples: [
      {
        ...{ categoryId: categoryExample.id, name: 'Masala dosa', price: { amount: 18000, currency: 'INR' } },
        ...{ taxCategory: 'food', diets: ['vegetarian'] },
      },
    ],
  });

export const changeItemBody = z
  .strictObject({
    categoryId: idSchema,
    name,
    description,
    sku,
    price: priceSchema,
    taxCategory,
    allergens,
    diets,
    mealtimes,
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'name at least one change')
  .meta({ id: 'ChangeItem', examples: [{ price: { amount: 19000, currency: 'INR' } }] });

const soldOutUntil = timeSchema
  .transform((text) => dateFrom(text))
  .nullable()
  .default(null);
const state = { isAvailable: z.boolean(), soldOutUntil };
const partState = z
  .array(z.strictObject({ id: idSchema, ...state }))
  .max(300)
  .default([]);

export const availabilityBody = z
  .strictObject({ item: z.strictObject(state).optional(), sizes: partState, options: partState })
  .meta({
    id: 'SetItemAvailability',
    description: 'What is not named stays as it is. `soldOutUntil`: it comes back by itself then.',
    examples: [{ item: { isAvailable: true, soldOutUntil: '2026-11-21T06:00:00.000Z' } }],
  });

export const stockBody = z
  .strictObject({
    count: stockInput.optional(),
    change: z.int().min(-MAX_STOCK).max(MAX_STOCK).optional(),
  })
  .refine(({ count, change }) => (count === undefined) !== (change === undefined), 'send either count or change')
  .meta({
    id: 'SetItemStock',
    description: '`change` keeps what is sold meanwhile; `count: null` counts no longer.',
    examples: [{ change: 12 }],
  });

export const createCategoryBody = z
  .strictObject({ name: categoryName, mealtimes: mealtimes.default([]) })
  .meta({ examples: [{ name: 'Breakfast' }] });

export const changeCategoryBody = z
  .strictObject({ name: categoryName, mealtimes })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'name at least one change')
  .meta({ examples: [{ name: 'All-day breakfast' }] });

export const optionsBody = z.strictObject({ optionGroups: groupsInput }).meta({
  id: 'SetItemOptions',
  examples: [
    {
      optionGroups: [
        {
          ...{ name: 'Chutney', minSelect: 0, maxSelect: 1 },
          options: [{ name: 'Coconut', price: { amount: 2000, currency: 'INR' } }],
        },
      ],
    },
  ],
});

export const sizesBody = z.strictObject({ sizes: sizesInput }).meta({
  id: 'SetItemSizes',
  examples: [{ sizes: [{ name: 'Family', price: { amount: 32000, currency: 'INR' } }] }],
});
