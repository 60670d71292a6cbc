import { z } from 'zod';
import { defineRoute, geoPointSchema, idSchema, pageSchema } from '../../http/index.ts';
import { isNowhere } from '../../shared/geo.ts';
import { lineOfText } from '../../shared/line-of-text.ts';

const placeSchema = geoPointSchema.refine((point) => !isNowhere(point), 'must be where the address is, not 0, 0');

const addressFields = {
  label: lineOfText(40).meta({ examples: ['Home'] }),
  line1: lineOfText(120).meta({ examples: ['12 Lighthouse Road'] }),
  line2: lineOfText(120).nullable().optional(),
  city: lineOfText(80).meta({ examples: ['Saffron Bay'] }),
  postcode: lineOfText(16).nullable().optional(),
  location: placeSchema,
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
    zone: z.strictObject({ id: idSchema, name: z.string() }).nullable().meta({
      description: 'Null: outside all zones, nobody delivers there yet; the address is kept, and the quote decides.',
    }),
  })
  .meta({
    id: 'Address',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        ...ADDRESS_EXAMPLE,
        zone: { id: '65f0c0ffee0000000000abce', name: 'Harbour Quarter' },
      },
    ],
  });

const addressParams = z.strictObject({ addressId: idSchema });

export const listAddressesRoute = defineRoute({
  method: 'get',
  path: '/me/addresses',
  operationId: 'listAddresses',
  tag: 'Me',
  summary: 'The address book, in the order of adding',
  description:
    'All on one page: an address book holds 20 addresses at most. One outside all zones is kept with `zone: null`; the quote decides who delivers there.',
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
  description:
    'The answer names the zone that the coordinates lie in. An address outside every zone is kept all the same; the quote says who delivers there.',
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

export const addressesContracts = [listAddressesRoute, addAddressRoute, updateAddressRoute, deleteAddressRoute];
