import { z } from 'zod';
import { defineRoute, idSchema, limitQuery, pageSchema } from '../../../http/index.ts';
import { categoriesContracts } from './categories.schema.ts';
import {
  availabilityBody,
  changeItemBody,
  createItemBody,
  itemSchema,
  optionsBody,
  sizesBody,
  stockBody,
} from './editing-shapes.schema.ts';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const itemParams = z.strictObject({ itemId: idSchema });
const common = { tag: 'Restaurant console' } as const;
const edit = { ...common, auth: 'menu.edit' } as const;
const stock = { ...common, auth: 'menu.stock' } as const;

export const listItemsRoute = defineRoute({
  ...stock,
  ...{ method: 'get', path: '/restaurants/{restaurantId}/items', operationId: 'listItems' },
  summary: 'Every item, whatever customers may see of it',
  description:
    'By rank; the order within a category is the menu’s. A page of heavy items ends early, at some 500 kB, with a cursor.',
  request: {
    params: restaurantParams,
    query: z.strictObject({ limit: limitQuery(50), cursor: z.string().max(500).optional() }),
  },
  responses: { 200: pageSchema(itemSchema) },
  errors: ['not_found'],
});

export const createItemRoute = defineRoute({
  ...edit,
  ...{ method: 'post', path: '/restaurants/{restaurantId}/items', operationId: 'createItem' },
  summary: 'A new item at the bottom of its category',
  request: { params: restaurantParams, body: createItemBody },
  responses: { 201: itemSchema },
  errors: ['not_found', 'currency_mismatch', 'tax_rate_missing', 'list_full', 'already_exists', 'menu_too_large'],
});

export const getItemRoute = defineRoute({
  ...stock,
  ...{ method: 'get', path: '/items/{itemId}', operationId: 'getItem' },
  summary: 'An item as it is stored',
  request: { params: itemParams },
  responses: { 200: itemSchema },
  errors: ['not_found'],
});

const changed = { responses: { 200: itemSchema }, needsIfMatch: true } as const;

export const changeItemRoute = defineRoute({
  ...edit,
  ...changed,
  ...{ method: 'patch', path: '/items/{itemId}', operationId: 'changeItem' },
  summary: 'Change what an item says of itself, its price or its category',
  request: { params: itemParams, body: changeItemBody },
  errors: [
    'not_found',
    'version_conflict',
    'currency_mismatch',
    'tax_rate_missing',
    'already_exists',
    'menu_too_large',
  ],
});

export const deleteItemRoute = defineRoute({
  ...edit,
  ...{ method: 'delete', path: '/items/{itemId}', operationId: 'deleteItem' },
  summary: 'Take an item off the menu for ever',
  request: { params: itemParams },
  responses: { 204: null },
  errors: ['not_found', 'version_conflict'],
  needsIfMatch: true,
});

export const setItemOptionsRoute = defineRoute({
  ...edit,
  ...changed,
  ...{ method: 'put', path: '/items/{itemId}/options', operationId: 'setItemOptions' },
  summary: 'All option groups of an item',
  description:
    'An option may ask for groups of its own, whose options may not. Groups and options keep the ids that are sent.',
  request: {
    params: itemParams,
    body: optionsBody,
  },
  errors: ['not_found', 'version_conflict', 'currency_mismatch', 'menu_too_large'],
});

export const setItemSizesRoute = defineRoute({
  ...edit,
  ...changed,
  ...{ method: 'put', path: '/items/{itemId}/sizes', operationId: 'setItemSizes' },
  summary: 'All sizes of an item',
  description: 'Where there are any, an order names exactly one, and its price takes the place of the item’s.',
  request: {
    params: itemParams,
    body: sizesBody,
  },
  errors: ['not_found', 'version_conflict', 'currency_mismatch', 'menu_too_large'],
});

export const setItemAvailabilityRoute = defineRoute({
  ...stock,
  ...{ method: 'put', path: '/items/{itemId}/availability', operationId: 'setItemAvailability' },
  summary: 'Sold out until, switched off, or back: an item, its sizes and options',
  request: { params: itemParams, body: availabilityBody },
  responses: { 200: itemSchema },
  errors: ['not_found'],
});

export const setItemStockRoute = defineRoute({
  ...stock,
  ...{ method: 'put', path: '/items/{itemId}/stock', operationId: 'setItemStock' },
  summary: 'How many pieces are left',
  request: { params: itemParams, body: stockBody },
  responses: { 200: itemSchema },
  errors: ['not_found', 'stock_out_of_bounds'],
});

export const menuEditingContracts = [
  ...categoriesContracts,
  ...[listItemsRoute, createItemRoute, getItemRoute, changeItemRoute, deleteItemRoute],
  ...[setItemOptionsRoute, setItemSizesRoute, setItemAvailabilityRoute, setItemStockRoute],
];
