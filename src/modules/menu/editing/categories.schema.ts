import { z } from 'zod';
import { defineRoute, idSchema, pageSchema } from '../../../http/index.ts';
import { categoryExample, itemExample } from './editing-examples.ts';
import { categorySchema, changeCategoryBody, createCategoryBody } from './editing-shapes.schema.ts';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const categoryParams = z.strictObject({ categoryId: idSchema });
const common = { tag: 'Restaurant console' } as const;
const edit = { ...common, auth: 'menu.edit' } as const;
const stock = { ...common, auth: 'menu.stock' } as const;

export const listCategoriesRoute = defineRoute({
  ...stock,
  ...{ method: 'get', path: '/restaurants/{restaurantId}/categories', operationId: 'listCategories' },
  summary: 'The categories of the menu, empty ones too',
  description: 'All on one page, from the top.',
  request: { params: restaurantParams },
  responses: { 200: pageSchema(categorySchema) },
  errors: ['not_found'],
});

export const createCategoryRoute = defineRoute({
  ...edit,
  ...{ method: 'post', path: '/restaurants/{restaurantId}/categories', operationId: 'createCategory' },
  summary: 'A new category at the bottom of the menu',
  request: {
    params: restaurantParams,
    body: createCategoryBody,
  },
  responses: { 201: categorySchema },
  errors: ['not_found', 'list_full', 'already_exists'],
});

export const changeCategoryRoute = defineRoute({
  ...edit,
  ...{ method: 'patch', path: '/categories/{categoryId}', operationId: 'changeCategory' },
  summary: 'Name and mealtimes of a category',
  request: {
    params: categoryParams,
    body: changeCategoryBody,
  },
  responses: { 200: categorySchema },
  errors: ['not_found', 'version_conflict', 'already_exists'],
  needsIfMatch: true,
});

export const deleteCategoryRoute = defineRoute({
  ...edit,
  ...{ method: 'delete', path: '/categories/{categoryId}', operationId: 'deleteCategory' },
  summary: 'Delete an empty category',
  request: { params: categoryParams },
  responses: { 204: null },
  errors: ['not_found', 'version_conflict', 'category_in_use'],
  needsIfMatch: true,
});

export const orderCategoriesRoute = defineRoute({
  ...edit,
  ...{ method: 'put', path: '/restaurants/{restaurantId}/categories/order', operationId: 'orderCategories' },
  summary: 'Put the categories in another order',
  description: 'Names every category once, from the top.',
  request: {
    params: restaurantParams,
    body: z
      .strictObject({ categoryIds: z.array(idSchema).max(100) })
      .meta({ examples: [{ categoryIds: [categoryExample.id] }] }),
  },
  responses: { 200: pageSchema(categorySchema) },
  errors: ['not_found'],
});

export const orderItemsRoute = defineRoute({
  ...edit,
  ...{ method: 'put', path: '/restaurants/{restaurantId}/categories/{categoryId}/order', operationId: 'orderItems' },
  summary: 'Put the items of a category in another order',
  description: 'Names every item of the category once, from the top.',
  request: {
    params: z.strictObject({ restaurantId: idSchema, categoryId: idSchema }),
    body: z.strictObject({ itemIds: z.array(idSchema).max(1_000) }).meta({ examples: [{ itemIds: [itemExample.id] }] }),
  },
  responses: { 204: null },
  errors: ['not_found'],
});

export const categoriesContracts = [
  ...[listCategoriesRoute, createCategoryRoute, changeCategoryRoute, deleteCategoryRoute],
  ...[orderCategoriesRoute, orderItemsRoute],
];
