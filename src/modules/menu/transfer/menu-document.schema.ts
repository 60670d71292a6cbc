import { z } from 'zod';
import { MAX_CATEGORIES, MAX_ITEMS } from '../edit-menu.service.ts';
import {
  categoryName,
  groupsInput,
  itemText,
  keptId,
  priceSchema,
  sizesInput,
  stateInput,
  stockInput,
} from '../menu-input.schema.ts';

export const MENU_FORMAT = 'quickbite-menu-1';

const { name, description, sku, taxCategory, allergens, diets, mealtimes } = itemText;

export const documentItemSchema = z
  .strictObject({
    id: keptId,
    sku: sku.default(null),
    ...{ name, price: priceSchema, taxCategory },
    description: description.default(''),
    allergens: allergens.default([]),
    diets: diets.default([]),
    mealtimes: mealtimes.default([]),
    ...stateInput,
    stock: stockInput.optional(),
    sizes: sizesInput.default([]),
    optionGroups: groupsInput.default([]),
  })
  .meta({ id: 'MenuDocumentItem' });

const categorySchema = z.strictObject({
  id: keptId,
  name: categoryName,
  mealtimes: mealtimes.default([]),
  items: z.array(documentItemSchema).max(MAX_ITEMS).default([]),
});

const documentSchema = z.strictObject({
  format: z.literal(MENU_FORMAT),
  categories: z.array(categorySchema).max(MAX_CATEGORIES),
});

/** A menu as a file: what an import takes and an export gives. */
export const menuDocumentSchema = documentSchema.meta({ id: 'MenuDocument' });

/** With nothing in them: for who looks at what is in them one by one. */
export const categoryHeadSchema = categorySchema.extend({ items: z.array(z.never()).default([]) });
export const documentHeadSchema = documentSchema.extend({ categories: z.array(z.never()) });

export type MenuDocument = z.output<typeof menuDocumentSchema>;
export type DocumentItem = z.output<typeof documentItemSchema>;
export type DocumentCategory = MenuDocument['categories'][number];
