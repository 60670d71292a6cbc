import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, pageSchema, ROLES, timeSchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { nameSchema, phoneSchema } from './account-fields.ts';

const meSchema = z
  .strictObject({
    id: idSchema,
    email: z.email(),
    name: z.string(),
    phone: z.string().nullable(),
    roles: z.array(z.enum(ROLES)),
    createdAt: timeSchema,
  })
  .meta({
    id: 'Me',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        email: 'asha@example.com',
        name: 'Asha Rao',
        phone: '+915550100123',
        roles: ['customer'],
        createdAt: '2026-11-20T12:30:00.000Z',
      },
    ],
  });

const profileChange = z
  .strictObject({ name: nameSchema.optional(), phone: phoneSchema.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ examples: [{ name: 'Asha R. Rao' }] });

const addressFields = {
  label: lineOfText(40).meta({ examples: ['Home'] }),
  line1: lineOfText(120).meta({ examples: ['12 Lighthouse Road'] }),
  line2: lineOfText(120).nullable().optional(),
  city: lineOfText(80).meta({ examples: ['Saffron Bay'] }),
  postcode: lineOfText(16).nullable().optional(),
  location: geoPointSchema,
  instructions: lineOfText(300)
    .nullable()
    .optional()
    .meta({ description: 'For the courier.', examples: ['Ring twice'] }),
};

const ADDRESS_EXAMPLE = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  postcode: '990001',
  location: { lat: 15.2018, lng: 73.1014 },
  instructions: 'Ring twice',
};

const newAddress = z.strictObject(addressFields).meta({ examples: [ADDRESS_EXAMPLE] });

const addressChange = z
  .strictObject(addressFields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ examples: [{ label: 'Work', instructions: null }] });

const addressSchema = z
  .strictObject({
    id: idSchema,
    label: z.string(),
    line1: z.string(),
    line2: z.string().optional(),
    city: z.string(),
    postcode: z.string().optional(),
    location: geoPointSchema,
    instructions: z.string().optional(),
  })
  .meta({ id: 'Address', examples: [{ id: '65f0c0ffee0000000000abcd', ...ADDRESS_EXAMPLE }] });

const addressParams = z.strictObject({ addressId: idSchema });

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
  summary: 'Change name or phone',
  description: 'What is left out stays as it is; `phone: null` removes it.',
  auth: 'account.use',
  request: { body: profileChange },
  responses: { 200: meSchema },
  errors: [],
});

export const listAddressesRoute = defineRoute({
  method: 'get',
  path: '/me/addresses',
  operationId: 'listAddresses',
  tag: 'Me',
  summary: 'The address book, in the order of adding',
  description: 'All on one page: an address book holds 20 addresses at most.',
  auth: 'addresses.use',
  request: {},
  responses: { 200: pageSchema(addressSchema) },
  errors: [],
});

export const addAddressRoute = defineRoute({
  method: 'post',
  path: '/me/addresses',
  operationId: 'addAddress',
  tag: 'Me',
  summary: 'Add an address',
  description: 'Only the form of the coordinates is checked here; the quote says who delivers there.',
  auth: 'addresses.use',
  request: { body: newAddress },
  responses: { 201: addressSchema },
  errors: ['address_book_full'],
});

export const updateAddressRoute = defineRoute({
  method: 'patch',
  path: '/me/addresses/{addressId}',
  operationId: 'updateAddress',
  tag: 'Me',
  summary: 'Change an address',
  description: 'What is left out stays as it is; null removes a line. Orders keep the address they were placed with.',
  auth: 'addresses.use',
  request: { params: addressParams, body: addressChange },
  responses: { 200: addressSchema },
  errors: ['not_found'],
});

export const deleteAddressRoute = defineRoute({
  method: 'delete',
  path: '/me/addresses/{addressId}',
  operationId: 'deleteAddress',
  tag: 'Me',
  summary: 'Remove an address',
  auth: 'addresses.use',
  request: { params: addressParams },
  responses: { 204: null },
  errors: ['not_found'],
});

export const usersContracts = [
  getMeRoute,
  updateMeRoute,
  listAddressesRoute,
  addAddressRoute,
  updateAddressRoute,
  deleteAddressRoute,
];
