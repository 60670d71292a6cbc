import { z } from 'zod';
import { defineRoute, idSchema, pictureSchema, ROLES, timeSchema } from '../../http/index.ts';
import { nameSchema } from './account-fields.ts';
import { addressesContracts } from './addresses.schema.ts';
import { favouritesContracts } from './favourites.schema.ts';
import { LANGUAGES } from './preferences.model.ts';
import { profilePictureContracts } from './profile-picture.schema.ts';
import { preferencesContracts } from './preferences.schema.ts';
import { devicesContracts } from './push-devices.schema.ts';

const meSchema = z
  .strictObject({
    id: idSchema,
    email: z.email(),
    emailVerified: z.boolean(),
    name: z.string(),
    phone: z.string().nullable(),
    phoneVerified: z.boolean(),
    roles: z.array(z.enum(ROLES)),
    language: z.enum(LANGUAGES).meta({ description: 'Changed by PUT /me/preferences.' }),
    hasPassword: z.boolean().meta({ description: 'False: this person gets in by a provider or a code only.' }),
    hasSecondFactor: z.boolean(),
    picture: pictureSchema.nullable(),
    imageUrl: z.url().nullable(),
    createdAt: timeSchema,
  })
  .meta({
    id: 'Me',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        email: 'asha@example.com',
        emailVerified: true,
        name: 'Asha Rao',
        phone: '+915550100123',
        phoneVerified: false,
        roles: ['customer'],
        language: 'en',
        hasPassword: true,
        hasSecondFactor: false,
        picture: null,
        imageUrl: null,
        createdAt: '2026-11-20T12:30:00.000Z',
      },
    ],
  });

const profileChange = z.strictObject({ name: nameSchema }).meta({ examples: [{ name: 'Asha R. Rao' }] });

export type MeBody = z.output<typeof meSchema>;

export const getMeRoute = defineRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  tag: 'Me',
  summary: 'The account behind the token',
  auth: 'account.use',
  request: {},
  responses: { 200: meSchema },
  errors: [],
});

export const updateMeRoute = defineRoute({
  method: 'patch',
  path: '/me',
  operationId: 'updateMe',
  tag: 'Me',
  summary: 'Change the name',
  description:
    'E-mail and phone open the account, and change at `POST /auth/email/change`, `POST /auth/phone/verify` and `DELETE /auth/phone`.',
  auth: 'account.use',
  request: { body: profileChange },
  responses: { 200: meSchema },
  errors: [],
});

export const usersContracts = [
  getMeRoute,
  updateMeRoute,
  ...profilePictureContracts,
  ...addressesContracts,
  ...devicesContracts,
  ...preferencesContracts,
  ...favouritesContracts,
];
