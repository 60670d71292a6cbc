import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema, ROLES, timeSchema } from '../../http/index.ts';
import { lineOfText, lineToFind } from '../../shared/line-of-text.ts';
import { phoneSchema } from './account-fields.ts';
import { USER_STATUSES } from './user.model.ts';

const adminUserSchema = z
  .strictObject({
    id: idSchema,
    email: z.string(),
    emailVerified: z.boolean(),
    name: z.string(),
    phone: z.string().nullable(),
    phoneVerified: z.boolean(),
    roles: z.array(z.enum(ROLES)),
    blockedRoles: z
      .array(z.enum(ROLES))
      .meta({ description: 'Taken away by an admin; only an admin gives them back, no invitation to work does.' }),
    hasSecondFactor: z.boolean(),
    status: z.enum(USER_STATUSES),
    statusReason: z.string().nullable().meta({ description: 'Why it is suspended.' }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({
    id: 'AdminUser',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        email: 'asha@example.com',
        emailVerified: true,
        name: 'Asha Rao',
        phone: '+915550100123',
        phoneVerified: false,
        roles: ['customer'],
        blockedRoles: ['restaurant'],
        hasSecondFactor: false,
        status: 'suspended',
        statusReason: 'Stolen cards',
        createdAt: '2026-11-20T12:30:00.000Z',
        updatedAt: '2026-11-21T09:00:00.000Z',
      },
    ],
  });

const searchQuery = z
  .strictObject({
    email: z
      .string()
      .max(320, { abort: true })
      .trim()
      .normalize('NFC')
      .toLowerCase()
      .min(1)
      .max(254)
      .optional()
      .meta({ description: 'Its beginning.', override: { type: 'string', examples: ['asha@'] } }),
    name: lineToFind(100)
      .optional()
      .meta({ description: 'Its beginning; case and accents do not count.', examples: ['ash'] }),
    phone: phoneSchema.optional(),
    role: z.enum(ROLES).optional(),
    status: z.enum(USER_STATUSES).optional(),
    ...pageQuery,
  })
  .refine(
    ({ email, name, phone }) => [email, name, phone].filter((part) => part !== undefined).length <= 1,
    'must have at most one of email, name and phone',
  );

const roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .refine((list) => new Set(list).size === list.length, 'must name each role once');

const userChange = z
  .strictObject({
    status: z.enum(['active', 'suspended']).optional(),
    roles: roles.optional().meta({
      description: 'All of them, in place of those before. One that goes stays away until an admin gives it back.',
    }),
    reason: lineOfText(300).optional().meta({ description: 'Needed for a suspension; kept in the audit log.' }),
  })
  .refine(
    ({ status, roles: list }) => (status === undefined) !== (list === undefined),
    'must have either status or roles',
  )
  .refine(({ status, reason }) => status !== 'suspended' || reason !== undefined, {
    path: ['reason'],
    message: 'is needed for a suspension',
  })
  .meta({ examples: [{ status: 'suspended', reason: 'Stolen cards' }] });

const userParams = z.strictObject({ userId: idSchema });

export type AdminUserBody = z.output<typeof adminUserSchema>;

export const listUsersRoute = defineRoute({
  method: 'get',
  path: '/admin/users',
  operationId: 'listUsers',
  tag: 'Administration',
  summary: 'Search the accounts',
  description:
    'Sorted by what is searched for, else the newest first. At most one of `email`, `name` and `phone`; `role` and `status` with any.',
  auth: 'users.manage',
  request: { query: searchQuery },
  responses: { 200: pageSchema(adminUserSchema) },
  errors: [],
});

export const getUserForAdminRoute = defineRoute({
  method: 'get',
  path: '/admin/users/{userId}',
  operationId: 'getUserForAdmin',
  tag: 'Administration',
  summary: 'One account',
  auth: 'users.manage',
  request: { params: userParams },
  responses: { 200: adminUserSchema },
  errors: ['not_found'],
});

export const updateUserRoute = defineRoute({
  method: 'patch',
  path: '/admin/users/{userId}',
  operationId: 'updateUser',
  tag: 'Administration',
  summary: 'Suspend, reinstate, or change the roles',
  description:
    'Ends every session of the account. Nobody can take the administration from himself, and somebody always has it. What the account already is changes nothing.',
  auth: 'users.manage',
  request: { params: userParams, body: userChange },
  responses: { 200: adminUserSchema },
  errors: ['not_found', 'invalid_transition', 'last_admin'],
});

export const adminUsersContracts = [listUsersRoute, getUserForAdminRoute, updateUserRoute];
