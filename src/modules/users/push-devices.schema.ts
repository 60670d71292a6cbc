import { z } from 'zod';
import { config } from '../../config/index.ts';
import { defineRoute, idSchema, pageSchema, timeSchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { PUSH_PLATFORMS } from './push-device.model.ts';
import { isPushEndpoint } from './push-endpoint.ts';

const name = lineOfText(80).meta({ examples: ['Firefox on my laptop'] });
const BASE64URL = /^[\w-]+$/;

/** RFC 8291: a point on P-256 of 65 bytes, and 16 bytes of secret. */
const webKeys = z.strictObject({
  p256dh: z.string().length(87).regex(BASE64URL),
  auth: z.string().length(22).regex(BASE64URL),
});

const WEB_EXAMPLE = {
  platform: 'web',
  name: 'Firefox on my laptop',
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABexample',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
} as const;

const newPushDevice = z
  .discriminatedUnion('platform', [
    z.strictObject({
      platform: z.literal('web'),
      name,
      endpoint: z
        .string()
        .max(1000)
        .refine((text) => isPushEndpoint(text, config.push.services), 'must be an address of a known push service'),
      keys: webKeys,
    }),
    z.strictObject({
      platform: z.enum(['ios', 'android']),
      name,
      token: z
        .string()
        .min(16)
        .max(400)
        .regex(/^[\w:.-]+$/),
    }),
  ])
  .meta({
    examples: [WEB_EXAMPLE, { platform: 'android', name: 'Asha’s phone', token: 'cKd9ExampleToken:APA91bExample' }],
  });

const pushDeviceSchema = z
  .strictObject({ id: idSchema, platform: z.enum(PUSH_PLATFORMS), name: z.string(), registeredAt: timeSchema })
  .meta({
    id: 'PushDevice',
    examples: [
      {
        id: '65f0c0ffee0000000000abcd',
        platform: 'web',
        name: 'Firefox on my laptop',
        registeredAt: '2026-11-20T12:30:00.000Z',
      },
    ],
  });

export type PushDeviceBody = z.output<typeof pushDeviceSchema>;

export const listDevicesRoute = defineRoute({
  method: 'get',
  path: '/me/devices',
  operationId: 'listDevices',
  tag: 'Me',
  summary: 'Devices that get push messages, the last registered first',
  description: 'All on one page: an account has 20 at most. Logging out everywhere empties the list.',
  auth: 'account.use',
  request: {},
  responses: { 200: pageSchema(pushDeviceSchema) },
  errors: [],
});

export const registerDeviceRoute = defineRoute({
  method: 'post',
  path: '/me/devices',
  operationId: 'registerDevice',
  tag: 'Me',
  summary: 'Send push messages to this device',
  description:
    'A browser sends its subscription, a phone its token. It belongs to the account that registered it last; of more than 20 the oldest goes. The endpoint and the keys are never shown again.',
  auth: 'account.use',
  request: { body: newPushDevice },
  responses: { 201: pushDeviceSchema },
  errors: [],
});

export const deleteDeviceRoute = defineRoute({
  method: 'delete',
  path: '/me/devices/{deviceId}',
  operationId: 'deleteDevice',
  tag: 'Me',
  summary: 'No push messages to this device any more',
  auth: 'account.use',
  request: { params: z.strictObject({ deviceId: idSchema }) },
  responses: { 204: null },
  errors: ['not_found'],
});

export const devicesContracts = [listDevicesRoute, registerDeviceRoute, deleteDeviceRoute];
