import { z } from 'zod';
import {
  defineRoute,
  geoPointSchema,
  idSchema,
  pageQuery,
  pageSchema,
  pictureSchema,
  timeSchema,
} from '../../../http/index.ts';
import { furtherFields, knownFields } from '../restaurant-fields.ts';

const brandParams = z.strictObject({ brandId: idSchema });
const fields = { name: knownFields.name, description: furtherFields.description };
const TAG = 'Brands';

const brandFields = { id: idSchema, name: z.string(), slug: z.string(), description: z.string() };
const brandSchema = z.strictObject(brandFields).meta({ id: 'Brand' });
const ownBrandSchema = z
  .strictObject({ ...brandFields, version: z.int(), createdAt: timeSchema })
  .meta({ id: 'OwnBrand' });

const branchSchema = z
  .strictObject({
    ...{ id: idSchema, name: z.string(), slug: z.string(), addressLine: z.string(), location: geoPointSchema },
    ...{ cuisines: z.array(z.string()), diets: z.array(z.string()) },
    rating: z.strictObject({ average: z.number(), count: z.int() }),
    imageUrl: z.url().nullable(),
    picture: pictureSchema.nullable(),
    isOpen: z.boolean().meta({ description: 'Takes orders now.' }),
    nextOpenAt: timeSchema.nullable(),
    openUntil: timeSchema.nullable(),
  })
  .meta({ id: 'Branch' });

export type BrandView = z.output<typeof brandSchema>;
export type OwnBrandView = z.output<typeof ownBrandSchema>;
export type BranchView = z.output<typeof branchSchema>;

export const createBrandRoute = defineRoute({
  method: 'post',
  path: '/brands',
  operationId: 'createBrand',
  tag: TAG,
  summary: 'One name over several restaurants',
  description:
    'A restaurant becomes a branch by its `brandId`. The public sees a brand once one of its branches is live: until then its ' +
    'address is provisional, and its name is nobody’s. Of brands that customers see no two are called alike.',
  auth: 'brand.manage',
  request: {
    body: z
      .strictObject({ name: fields.name, description: fields.description.optional() })
      .meta({ examples: [{ name: 'Pepper House', description: 'Peppery since 1974.' }] }),
  },
  responses: { 201: ownBrandSchema },
  errors: ['already_exists', 'list_full'],
});

export const listBrandsRoute = defineRoute({
  method: 'get',
  path: '/me/brands',
  operationId: 'listBrands',
  tag: TAG,
  summary: 'One’s own brands',
  description: 'All on one page, by name.',
  auth: 'brand.manage',
  request: {},
  responses: { 200: pageSchema(ownBrandSchema) },
  errors: [],
});

export const getOwnBrandRoute = defineRoute({
  method: 'get',
  path: '/brands/{brandId}/console',
  operationId: 'getOwnBrand',
  tag: TAG,
  summary: 'A brand of one’s own, also before it is public',
  auth: 'brand.manage',
  request: { params: brandParams },
  responses: { 200: ownBrandSchema },
  errors: ['not_found'],
});

export const updateBrandRoute = defineRoute({
  method: 'patch',
  path: '/brands/{brandId}',
  operationId: 'updateBrand',
  tag: TAG,
  summary: 'Change what a brand says of itself',
  description: 'The public address stays. A name by which customers know another brand is a 409.',
  auth: 'brand.manage',
  needsIfMatch: true,
  request: {
    params: brandParams,
    body: z
      .strictObject(fields)
      .partial()
      .refine((change) => Object.keys(change).length > 0, 'must change something')
      .meta({ examples: [{ description: 'Peppery since 1974.' }] }),
  },
  responses: { 200: ownBrandSchema },
  errors: ['not_found', 'already_exists'],
});

export const getBrandRoute = defineRoute({
  method: 'get',
  path: '/brands/{brandId}',
  operationId: 'getBrand',
  tag: TAG,
  summary: 'A brand that has a live branch',
  auth: 'public',
  request: { params: brandParams },
  responses: { 200: brandSchema },
  errors: ['not_found'],
});

export const listBranchesRoute = defineRoute({
  method: 'get',
  path: '/brands/{brandId}/branches',
  operationId: 'listBranches',
  tag: TAG,
  summary: 'Its live branches',
  auth: 'public',
  request: { params: brandParams, query: z.strictObject(pageQuery) },
  responses: { 200: pageSchema(branchSchema) },
  errors: ['not_found'],
});

export const brandsContracts = [
  createBrandRoute,
  listBrandsRoute,
  getOwnBrandRoute,
  updateBrandRoute,
  getBrandRoute,
  listBranchesRoute,
];
