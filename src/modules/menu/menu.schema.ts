import { z } from 'zod';
import { defineRoute, idSchema, moneySchema, pictureSchema, timeSchema } from '../../http/index.ts';
import { ITEM_UNAVAILABLE_REASONS, slotQuery } from '../restaurants/index.ts';
import { ALLERGENS, DIETS, ITEM_TAX_CATEGORIES } from './menu-item.model.ts';

const WALL_CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

export const mealtimesSchema = z
  .array(
    z.strictObject({
      weekday: z.int().min(1).max(7),
      opens: z.string().regex(WALL_CLOCK),
      closes: z.union([z.string().regex(WALL_CLOCK), z.literal('24:00')]),
    }),
  )
  .max(50)
  .meta({
    description: 'When it is served, on the restaurant’s clock; 1 is Monday. Empty: whenever the restaurant is open.',
    examples: [[{ weekday: 1, opens: '08:00', closes: '11:00' }]],
  });

const orderable = {
  isAvailable: z.boolean(),
  soldOutUntil: timeSchema.nullable().meta({ description: 'Null unless it comes back by itself.' }),
};

const sizeSchema = z
  .strictObject({ id: idSchema, name: z.string(), price: moneySchema, ...orderable })
  .meta({ id: 'MenuSize' });

const groupFields = {
  id: idSchema,
  name: z.string(),
  isRequired: z.boolean(),
  minSelect: z.int(),
  maxSelect: z.int(),
};

const nestedOptionGroupSchema = z
  .strictObject({
    ...groupFields,
    options: z.array(
      z
        .strictObject({ id: idSchema, name: z.string(), price: moneySchema, ...orderable })
        .meta({ id: 'NestedMenuOption' }),
    ),
  })
  .meta({ id: 'NestedMenuOptionGroup' });

const optionSchema = z
  .strictObject({
    id: idSchema,
    name: z.string(),
    price: moneySchema,
    ...orderable,
    groups: z.array(nestedOptionGroupSchema).meta({ description: 'Asked only when this option is chosen.' }),
  })
  .meta({ id: 'MenuOption' });

const optionGroupSchema = z
  .strictObject({ ...groupFields, options: z.array(optionSchema) })
  .meta({ id: 'MenuOptionGroup' });

/** What the menu and the console both show of an item. */
export const itemFields = {
  id: idSchema,
  name: z.string(),
  description: z.string(),
  price: moneySchema.meta({ description: 'Where there are sizes, the price of the chosen one takes its place.' }),
  taxCategory: z.enum(ITEM_TAX_CATEGORIES),
  allergens: z.array(z.enum(ALLERGENS)),
  diets: z.array(z.enum(DIETS)),
  imageUrl: z.url().nullable(),
  picture: pictureSchema.nullable(),
  clipUrl: z.url().nullable(),
  mealtimes: mealtimesSchema,
  ...orderable,
  sizes: z.array(sizeSchema).meta({ description: 'Where there are any, an order names exactly one.' }),
  optionGroups: z.array(optionGroupSchema),
};

const itemSchema = z
  .strictObject({
    ...itemFields,
    reason: z
      .enum(ITEM_UNAVAILABLE_REASONS)
      .nullable()
      .meta({ description: 'Why it cannot be ordered, now or for the `slot` that was asked for; null: it can.' }),
    nextAvailableAt: timeSchema
      .nullable()
      .meta({ description: 'Null while it can be ordered, and where only a person brings it back.' }),
  })
  .meta({ id: 'MenuItem' });

const menuSchema = z
  .strictObject({
    restaurantId: idSchema,
    currency: z.string().length(3),
    categories: z.array(
      z.strictObject({ id: idSchema, name: z.string(), mealtimes: mealtimesSchema, items: z.array(itemSchema) }),
    ),
  })
  .meta({ id: 'Menu' });

export type MenuBody = z.output<typeof menuSchema>;
export type MenuItemBody = z.output<typeof itemSchema>;
export type MenuOptionGroupBody = z.output<typeof optionGroupSchema>;
export type NestedMenuOptionGroupBody = z.output<typeof nestedOptionGroupSchema>;

export const getMenuRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/menu',
  operationId: 'getMenu',
  tag: 'Discovery',
  summary: 'The menu, by category, as of now or for a slot',
  auth: 'public',
  request: { params: z.strictObject({ restaurantId: idSchema }), query: slotQuery },
  responses: { 200: menuSchema },
  errors: ['not_found', 'slot_unavailable'],
});

export const menuContracts = [getMenuRoute];
