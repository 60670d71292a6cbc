import { z } from 'zod';
import { defineRoute, idSchema, limitQuery, pageSchema, timeSchema } from '../../../http/index.ts';
import { menuDocumentSchema } from './menu-document.schema.ts';
import { IMPORT_FORMATS, IMPORT_MODES, IMPORT_STATUSES } from './menu-import.model.ts';

const CSV_EXAMPLE =
  'type,sku,name,price,currency,taxCategory\r\ncategory,,Mains,,,\r\nitem,D1,Masala dosa,18000,INR,food\r\n';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const common = { tag: 'Restaurant console', auth: 'menu.edit' } as const;

const importFields = {
  id: idSchema,
  restaurantId: idSchema,
  format: z.enum(IMPORT_FORMATS),
  mode: z.enum(IMPORT_MODES),
  status: z.enum(IMPORT_STATUSES),
  categories: z.int(),
  items: z.int(),
  createdAt: timeSchema,
  finishedAt: timeSchema.nullable(),
};

const importLineSchema = z.strictObject(importFields).meta({ id: 'MenuImportLine' });

const importSchema = z
  .strictObject({
    ...importFields,
    report: z
      .array(
        z.strictObject({
          row: z.int().nullable().meta({ description: 'Of a CSV; its header is row 1.' }),
          path: z.string(),
          code: z.string(),
          message: z.string(),
        }),
      )
      .meta({
        description:
          'Refused: everything that is wrong. Applied: what became of each item: `created`, `updated`, `unchanged`, and `kept` with the ' +
          'columns of the file that were not taken.',
      }),
    isReportCut: z.boolean().meta({ description: 'There is more to say than the report holds.' }),
  })
  .meta({
    id: 'MenuImport',
    examples: [
      {
        ...{ id: '65f0c0ffee00000000000b99', restaurantId: '65f0c0ffee00000000000a01' },
        ...{ format: 'csv', mode: 'merge', status: 'refused', isReportCut: false, categories: 0, items: 0 },
        report: [
          { row: 3, path: 'categories.0.items.1.price.amount', code: 'invalid_type', message: 'expected number' },
        ],
        ...{ createdAt: '2026-11-20T12:30:00.000Z', finishedAt: '2026-11-20T12:30:01.000Z' },
      },
    ],
  });

export type MenuImportBody = z.output<typeof importSchema>;
export type MenuImportLine = z.output<typeof importLineSchema>;

export const duplicateMenuRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/restaurants/{restaurantId}/menu/duplicate', operationId: 'duplicateMenu' },
  summary: 'Copy the menu to another restaurant where you may edit',
  description: 'Categories, items, sizes and options get ids of their own. What is sold out, and stock, is not copied.',
  request: {
    params: restaurantParams,
    body: z
      .strictObject({
        toRestaurantId: idSchema,
        replace: z.boolean().default(false).meta({ description: 'Give up the menu that is there.' }),
      })
      .meta({ id: 'DuplicateMenu', examples: [{ toRestaurantId: '65f0c0ffee00000000000a02' }] }),
  },
  responses: {
    200: z.strictObject({ restaurantId: idSchema, categories: z.int(), items: z.int() }).meta({ id: 'MenuDuplicated' }),
  },
  errors: ['not_found', 'currency_mismatch', 'tax_rate_missing', 'menu_not_empty', 'list_full', 'menu_too_large'],
});

export const importMenuRoute = defineRoute({
  ...common,
  ...{ method: 'post', path: '/restaurants/{restaurantId}/menu/import', operationId: 'importMenu' },
  summary: 'Take a menu from a file of at most 2 MB',
  description:
    'A job checks every row first and then takes all of them or none; the import says which. Items are found again by `id`, else by ' +
    '`sku`, else by name in their category, and keep pictures, stock, `isAvailable` and `soldOutUntil`, whatever the file says: an old export ' +
    'must not undo sales. `merge` leaves what the file does not name; `replace` takes it away. ' +
    'A CSV has the columns of the export; a cell that begins like a formula is marked by an apostrophe.',
  request: {
    params: restaurantParams,
    query: z.strictObject({
      mode: z
        .enum(IMPORT_MODES)
        .default('merge')
        .meta({ override: { default: 'merge' } }),
    }),
  },
  responses: { 202: importSchema },
  errors: ['not_found', 'import_running'],
  bodyTypes: ['text/csv', 'application/json'],
  fileBody: {
    'text/csv': z.string().meta({ examples: [CSV_EXAMPLE] }),
    'application/json': menuDocumentSchema,
  },
});

export const getMenuImportRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/restaurants/{restaurantId}/menu/imports/{importId}', operationId: 'getMenuImport' },
  summary: 'How far an import is, and its report',
  request: { params: z.strictObject({ restaurantId: idSchema, importId: idSchema }) },
  responses: { 200: importSchema },
  errors: ['not_found'],
});

export const listMenuImportsRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/restaurants/{restaurantId}/menu/imports', operationId: 'listMenuImports' },
  summary: 'The last imports, newest first, without their reports',
  description: 'They are kept for 30 days.',
  request: { params: restaurantParams, query: z.strictObject({ limit: limitQuery(20) }) },
  responses: { 200: pageSchema(importLineSchema) },
  errors: ['not_found'],
});

export const exportMenuRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/restaurants/{restaurantId}/menu/export', operationId: 'exportMenu' },
  summary: 'The menu as a file that an import takes',
  description:
    'JSON as described here, or `text/csv`. Pictures are not part of it. Few are made at once: a 503 says when to ask again.',
  request: {
    params: restaurantParams,
    query: z.strictObject({
      format: z
        .enum(IMPORT_FORMATS)
        .default('json')
        .meta({ override: { default: 'json' } }),
    }),
  },
  responses: { 200: menuDocumentSchema },
  fileTypes: ['text/csv'],
  errors: ['not_found'],
});

/** Without the import, whose body is not JSON. */
export const menuTransferContracts = [duplicateMenuRoute, listMenuImportsRoute, getMenuImportRoute, exportMenuRoute];
export const menuFilesContracts = [importMenuRoute];
