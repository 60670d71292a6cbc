import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, timeSchema } from '../../http/index.ts';
import { ALLERGENS, DIETS, ITEM_TAX_CATEGORIES } from './menu-item.model.ts';

const orderable = {
  isAvailable: z.boolean(),
  soldOutUntil: timeSchema.nullable().meta({ description: 'Null unless it comes back by itself.' }),
};

const optionSchema = z
  .strictObject({ id: idSchema, name: z.string(), price: moneySchema, ...orderable })
  .meta({ id: 'MenuOption' });

const optionGroupSchema = z
  .strictObject({
    id: idSchema,
    name: z.string(),
    isRequired: z.boolean(),
    minSelect: z.int(),
    maxSelect: z.int(),
    options: z.array(optionSchema),
  })
  .meta({ id: 'MenuOptionGroup' });

const itemSchema = z
  .strictObject({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    price: moneySchema,
    taxCategory: z.enum(ITEM_TAX_CATEGORIES),
    allergens: z.array(z.enum(ALLERGENS)),
    diets: z.array(z.enum(DIETS)),
    imageUrl: z.url().nullable(),
    ...orderable,
    optionGroups: z.array(optionGroupSchema),
  })
  .meta({ id: 'MenuItem' });

const menuSchema = z
  .strictObject({
    restaurantId: idSchema,
    currency: z.string().length(3),
    categories: z.array(z.strictObject({ id: idSchema, name: z.string(), items: z.array(itemSchema) })),
  })
  .meta({ id: 'Menu' });

export type MenuBody = z.output<typeof menuSchema>;
export type MenuItemBody = z.output<typeof itemSchema>;

export const getMenuRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/menu',
  operationId: 'getMenu',
  tag: 'Discovery',
  summary: 'The menu, by category, as of now',
  auth: 'public',
  request: { params: z.strictObject({ restaurantId: idSchema }) },
  responses: { 200: menuSchema },
  errors: ['not_found'],
});

export const menuContracts = [getMenuRoute];
