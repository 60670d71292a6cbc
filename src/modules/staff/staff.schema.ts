import { z } from 'zod';
import { defineRoute, idSchema, pageSchema, timeSchema } from '../../http/index.ts';
import { STAFF_ROLES } from '../../shared/permissions.ts';
import { RESTAURANT_STATUSES } from '../restaurants/index.ts';
import { emailSchema } from '../users/index.ts';
import { MEMBER_ROLES } from './restaurant-staff.model.ts';

const restaurantParams = z.strictObject({ restaurantId: idSchema });
const memberParams = z.strictObject({ restaurantId: idSchema, userId: idSchema });
const memberRole = z.enum(MEMBER_ROLES).meta({ examples: ['kitchen'] });

const staffEntrySchema = z
  .strictObject({
    status: z.enum(['active', 'invited']),
    userId: idSchema.nullable().meta({ description: 'Null while invited.' }),
    invitationId: idSchema.nullable().meta({ description: 'Null once active.' }),
    email: z.string(),
    name: z.string().nullable(),
    role: z.enum(STAFF_ROLES),
    since: timeSchema.nullable().meta({ description: 'Joined, or was invited. Null for the owner.' }),
    expiresAt: timeSchema.nullable().meta({ description: 'Of the invitation.' }),
  })
  .meta({ id: 'StaffEntry' });

export type StaffEntry = z.output<typeof staffEntrySchema>;

const workplaceSchema = z.strictObject({ restaurantId: idSchema, role: z.enum(STAFF_ROLES) }).meta({ id: 'Workplace' });

export const listWorkplacesRoute = defineRoute({
  method: 'get',
  path: '/me/workplaces',
  operationId: 'listWorkplaces',
  tag: 'Restaurant console',
  summary: 'Where the signed-in person works, and as what',
  description: 'All on one page, by name; empty for who works nowhere.',
  auth: 'account.use',
  request: {},
  responses: {
    200: pageSchema(
      workplaceSchema
        .extend({ name: z.string(), status: z.enum(RESTAURANT_STATUSES).meta({ description: 'Of the restaurant.' }) })
        .meta({ id: 'NamedWorkplace' }),
    ),
  },
  errors: [],
});

export const listStaffRoute = defineRoute({
  method: 'get',
  path: '/restaurants/{restaurantId}/staff',
  operationId: 'listStaff',
  tag: 'Restaurant console',
  summary: 'Who works here, and who is invited',
  description: 'All on one page: the owner, the members, the open invitations.',
  auth: 'staff.read',
  request: { params: restaurantParams },
  responses: { 200: pageSchema(staffEntrySchema) },
  errors: ['not_found'],
});

export const inviteStaffRoute = defineRoute({
  method: 'post',
  path: '/restaurants/{restaurantId}/staff',
  operationId: 'inviteStaff',
  tag: 'Restaurant console',
  summary: 'Invite somebody by mail',
  description: 'Answers the same whether or not there is an account with the e-mail.',
  auth: 'staff.manage',
  request: {
    params: restaurantParams,
    body: z
      .strictObject({ email: emailSchema, role: memberRole })
      .meta({ examples: [{ email: 'ravi@example.com', role: 'kitchen' }] }),
  },
  responses: { 201: staffEntrySchema },
  errors: ['not_found', 'staff_exists', 'already_exists', 'list_full'],
});

export const changeStaffRoleRoute = defineRoute({
  method: 'patch',
  path: '/restaurants/{restaurantId}/staff/{userId}',
  operationId: 'changeStaffRole',
  tag: 'Restaurant console',
  summary: 'Give a member another role',
  description: 'Holds from the next request on. The owner has no other role.',
  auth: 'staff.manage',
  request: {
    params: memberParams,
    body: z.strictObject({ role: memberRole }).meta({ examples: [{ role: 'manager' }] }),
  },
  responses: { 200: staffEntrySchema },
  errors: ['not_found'],
});

export const removeStaffRoute = defineRoute({
  method: 'delete',
  path: '/restaurants/{restaurantId}/staff/{userId}',
  operationId: 'removeStaff',
  tag: 'Restaurant console',
  summary: 'End a membership',
  description: 'Holds from the next request on. The owner cannot be removed.',
  auth: 'staff.manage',
  request: { params: memberParams },
  responses: { 204: null },
  errors: ['not_found'],
});

export const revokeInvitationRoute = defineRoute({
  method: 'delete',
  path: '/restaurants/{restaurantId}/invitations/{invitationId}',
  operationId: 'revokeInvitation',
  tag: 'Restaurant console',
  summary: 'Take an invitation back',
  auth: 'staff.manage',
  request: { params: z.strictObject({ restaurantId: idSchema, invitationId: idSchema }) },
  responses: { 204: null },
  errors: ['not_found'],
});

export const acceptInvitationRoute = defineRoute({
  method: 'post',
  path: '/staff-invitations/accept',
  operationId: 'acceptInvitation',
  tag: 'Restaurant console',
  summary: 'Accept an invitation with the token of its mail',
  description:
    'By the account that has the invited e-mail. Needs no new log-in. 403 for whom an admin has taken the role away from: the link stays good.',
  auth: 'account.use',
  request: {
    body: z
      .strictObject({ token: z.string().min(1).max(200) })
      .meta({ examples: [{ token: 'k3vV1n0Qf2yq7mZt5cJ8xW4bR6sD9eLpA0hGuTiYoXE' }] }),
  },
  responses: { 200: workplaceSchema },
  errors: ['link_invalid', 'staff_exists'],
});

export const staffContracts = [
  listWorkplacesRoute,
  listStaffRoute,
  inviteStaffRoute,
  changeStaffRoleRoute,
  removeStaffRoute,
  revokeInvitationRoute,
  acceptInvitationRoute,
];
