import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema, timeSchema } from '../../../http/index.ts';
import { LOG_IN_METHODS } from './session.model.ts';

const sessionSchema = z
  .strictObject({
    id: idSchema,
    device: z.string().meta({ description: 'Browser and system, as the client names itself.' }),
    userAgent: z.string(),
    method: z.enum(LOG_IN_METHODS),
    address: z.string().meta({ description: 'Of the log-in or the last refresh.' }),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.meta({ description: 'The log-in or the last refresh.' }),
    expiresAt: timeSchema,
    isCurrent: z.boolean().meta({ description: 'The one whose token asks.' }),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        device: 'Chrome on Android',
        userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0.0.0 Mobile Safari/537.36',
        method: 'password',
        address: '203.0.113.9',
        createdAt: '2026-11-20T12:30:00.000Z',
        lastUsedAt: '2026-11-20T18:05:00.000Z',
        expiresAt: '2026-11-27T12:30:00.000Z',
        isCurrent: true,
      },
    ],
  });

export const listSessionsRoute = defineRoute({
  method: 'get',
  path: '/auth/sessions',
  operationId: 'listSessions',
  tag: 'Auth',
  summary: 'Where one is logged in',
  description: 'Live sessions only, the latest log-in first.',
  auth: 'account.use',
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: pageSchema(sessionSchema) },
  errors: [],
});

export const endSessionRoute = defineRoute({
  method: 'delete',
  path: '/auth/sessions/{sessionId}',
  operationId: 'endSession',
  tag: 'Auth',
  summary: 'Log one device out',
  description: 'Its tokens stop working at once, its sockets are cut.',
  auth: 'account.use',
  request: { params: z.strictObject({ sessionId: idSchema }) },
  responses: { 204: null },
  errors: ['not_found'],
});

export const logOutEverywhereRoute = defineRoute({
  method: 'post',
  path: '/auth/logout-all',
  operationId: 'logOutEverywhere',
  tag: 'Auth',
  summary: 'Log out on every device, this one too',
  description: 'Every token of the account stops working at once, every socket is cut; the refresh cookie is cleared.',
  auth: 'account.use',
  request: {},
  responses: { 204: null },
  errors: [],
});

export const sessionsContracts = [listSessionsRoute, endSessionRoute, logOutEverywhereRoute];
