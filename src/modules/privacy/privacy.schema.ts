import { z } from 'zod';
import { defineRoute, idSchema, timeSchema, linkQuery } from '../../http/index.ts';
import { EXPORT_FORMAT } from './export-document.ts';
import { EXPORT_FAILURES, EXPORT_STATUSES } from './export.model.ts';

const exportSchema = z
  .strictObject({
    id: idSchema,
    status: z.enum(EXPORT_STATUSES),
    reason: z.enum(EXPORT_FAILURES).nullable().meta({ description: 'Why there is none.' }),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    downloadUrl: z.url().nullable().meta({
      description:
        'Opens without a token until `expiresAt`, or until the sessions of the account are ended; null until ready.',
    }),
  })
  .meta({
    id: 'PersonalExport',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        status: 'pending',
        reason: null,
        createdAt: '2026-11-20T12:30:00.000Z',
        expiresAt: '2026-11-21T12:30:00.000Z',
        downloadUrl: null,
      },
    ],
  });

const thing = z.looseObject({});

/** The sections are closed, what stands in them is as stored. */
const exportDocumentSchema = z
  .strictObject({
    format: z.literal(EXPORT_FORMAT),
    exportedAt: timeSchema,
    profile: thing,
    addresses: z.array(thing),
    preferences: thing,
    favourites: z.array(thing),
    pushDevices: z.array(thing),
    identities: z.array(thing),
    sessions: z.array(thing),
    cart: thing,
    quotes: z.array(thing),
    orders: z.array(thing),
    courier: thing.nullable(),
    reviews: z.array(thing),
    workplaces: z.array(thing),
    images: z.array(thing),
    securityLog: z.array(thing),
  })
  .meta({ id: 'PersonalData' });

const CONFIRMATION = 'delete my account';

const password = z.string().min(1).max(256).optional().meta({ description: 'Of an account that has one.' });

const exportRequest = z.strictObject({ password }).meta({ examples: [{ password: 'correct horse battery' }] });

const deletion = z
  .strictObject({
    password,
    confirm: z.literal(CONFIRMATION),
  })
  .meta({ examples: [{ password: 'correct horse battery', confirm: CONFIRMATION }] });

const exportParams = z.strictObject({ exportId: idSchema });

export const requestExportRoute = defineRoute({
  method: 'post',
  path: '/me/export',
  operationId: 'requestExport',
  tag: 'Me',
  summary: 'Make a copy of everything about me',
  description:
    'A job makes it; a mail tells when it is ready. An account without a password needs a log-in of the last ten minutes.',
  auth: 'account.use',
  request: { body: exportRequest },
  responses: { 202: exportSchema },
  errors: ['export_running', 'password_wrong', 'log_in_again'],
});

export const getExportRoute = defineRoute({
  method: 'get',
  path: '/me/exports/{exportId}',
  operationId: 'getExport',
  tag: 'Me',
  summary: 'How far the export is, and its link',
  description: 'One from before the sessions of the account ended is gone: ask for another.',
  auth: 'account.use',
  request: { params: exportParams },
  responses: { 200: exportSchema },
  errors: ['not_found'],
});

export const downloadExportRoute = defineRoute({
  method: 'get',
  path: '/exports/{exportId}',
  operationId: 'downloadExport',
  tag: 'Me',
  summary: 'Download an export by its link',
  description:
    'The link is `downloadUrl` of the export. Whoever has it has the data: it is signed, expires, and ends with the sessions of the account (a new password, a log-out everywhere, a suspension).',
  auth: 'public',
  request: {
    params: exportParams,
    query: linkQuery,
  },
  responses: { 200: exportDocumentSchema },
  errors: ['not_found', 'link_invalid'],
});

export const deleteAccountRoute = defineRoute({
  method: 'delete',
  path: '/me',
  operationId: 'deleteAccount',
  tag: 'Me',
  summary: 'Delete my account',
  description:
    'For ever: name, contacts, addresses and log-ins go, orders and payments stay without the person. An account without a password needs a log-in of the last ten minutes. `account_in_use` names what has to end first.',
  auth: 'account.use',
  request: { body: deletion },
  responses: { 204: null },
  errors: ['password_wrong', 'log_in_again', 'account_in_use'],
});

export const privacyContracts = [requestExportRoute, getExportRoute, downloadExportRoute, deleteAccountRoute];
