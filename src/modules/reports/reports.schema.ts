import { z } from 'zod';
import { defineRoute, idSchema, timeSchema, linkQuery } from '../../http/index.ts';
import { REPORT_KINDS } from './report.model.ts';

const linkSchema = z
  .strictObject({
    url: z.url().meta({ description: 'Opens without a token until `expiresAt`, for whoever has it.' }),
    expiresAt: timeSchema,
  })
  .meta({
    id: 'DocumentLink',
    examples: [
      {
        url: 'https://api.quickbite.example/api/v1/documents/65f0c0ffee0000000000abcd?expires=1795264200&signature=0a1b2c',
        expiresAt: '2026-11-21T12:30:00.000Z',
      },
    ],
  });

const orderParams = z.strictObject({ orderId: idSchema });
const common = {
  ...{ tag: 'Documents', request: { params: orderParams } },
  responses: { 200: linkSchema, 202: null },
  errors: ['not_found', 'invalid_transition'],
} as const;

export const findReceiptRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/orders/{orderId}/receipt', operationId: 'findReceipt', auth: 'document.read' },
  summary: 'The receipt of an order as a PDF',
  description:
    'Once it is delivered or collected, or has ended otherwise at a cost: not collected, or cancelled with a fee. 202 while it is being made, also anew after a refund: ask again in a moment.',
});

export const findInvoiceRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/orders/{orderId}/invoice', operationId: 'findInvoice', auth: 'document.read' },
  summary: 'The invoices of an order as a PDF',
  description:
    'The restaurant’s for the food, ours for delivery and service, and the credit notes of refunds. 202 while it is being made.',
});

export const findPayoutDocumentRoute = defineRoute({
  ...common,
  ...{ method: 'get', path: '/payouts/{payoutId}/document', operationId: 'findPayoutDocument', auth: 'ledger.read' },
  summary: 'The statement of a payout as a PDF',
  description: 'Its CSV is `statement.url` of the payout. 202 while it is being made.',
  request: { params: z.strictObject({ payoutId: idSchema }) },
  errors: ['not_found'],
});

export const openDocumentRoute = defineRoute({
  ...{ method: 'get', path: '/documents/{documentId}', operationId: 'openDocument', tag: 'Documents', auth: 'public' },
  summary: 'Download a document by its link',
  description: 'The link is signed and expires; whatever is wrong with it is a 404.',
  request: {
    params: z.strictObject({ documentId: idSchema }),
    query: linkQuery,
  },
  responses: { 200: null },
  fileTypes: ['application/pdf', 'text/csv'],
  errors: ['not_found'],
});

export const openReceiptRoute = defineRoute({
  ...{ method: 'get', path: '/receipts/{orderId}', operationId: 'openReceipt', tag: 'Documents', auth: 'public' },
  summary: 'Open a receipt by the link in its mail',
  description:
    'The link is signed and expires after `RECEIPT_LINK_DAYS`; whatever is wrong with it is a 404, for a browser a page that says how to ' +
    'ask for it anew. 202 with a page that reloads while the PDF is being made.',
  request: { params: orderParams, query: linkQuery },
  responses: { 200: null, 202: null },
  fileTypes: ['application/pdf', 'text/html'],
  errors: ['not_found'],
});

const MAX_DAYS = 366;
const day = z.iso.date();
const asked = {
  kind: z.enum(REPORT_KINDS).meta({
    description:
      '`sales`: by restaurant and day; `taxes`: by city, month and category, both of what was delivered or collected; `refunds`: by liable party.',
  }),
  from: day,
  to: day.meta({ description: 'Included. Days of the restaurant’s place; of refunds by UTC.' }),
};
const example = { kind: 'sales', from: '2026-11-01', to: '2026-11-30' } as const;

const reportRequest = z
  .strictObject(asked)
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < MAX_DAYS * 86_400_000, {
    path: ['to'],
    message: 'must not be before `from`, nor more than a year after it',
  })
  .meta({ examples: [example] });

const reportSchema = z
  .strictObject({
    ...{ id: idSchema, ...asked, createdAt: timeSchema },
    document: linkSchema.nullable().meta({ description: 'A CSV; null until it is made.' }),
  })
  .meta({
    id: 'Report',
    examples: [{ id: '65f0c0ffee0000000000abcd', ...example, createdAt: '2026-11-30T20:00:00.000Z', document: null }],
  });

export const requestReportRoute = defineRoute({
  ...{ method: 'post', path: '/admin/reports', operationId: 'requestReport', tag: 'Documents', auth: 'money.manage' },
  summary: 'Ask for a report; a job makes it',
  request: { body: reportRequest },
  responses: { 202: reportSchema },
  errors: [],
});

export const getReportRoute = defineRoute({
  ...{
    method: 'get',
    path: '/admin/reports/{reportId}',
    operationId: 'getReport',
    tag: 'Documents',
    auth: 'money.manage',
  },
  summary: 'A report, with its link once it is made',
  request: { params: z.strictObject({ reportId: idSchema }) },
  responses: { 200: reportSchema },
  errors: ['not_found'],
});

export const reportsContracts = [
  ...[findReceiptRoute, findInvoiceRoute, findPayoutDocumentRoute, openDocumentRoute, openReceiptRoute],
  ...[requestReportRoute, getReportRoute],
];
