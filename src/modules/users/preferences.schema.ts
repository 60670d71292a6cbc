import { IANAZone } from 'luxon';
import { z } from 'zod';
import { defineRoute } from '../../http/index.ts';
import { LANGUAGES, REPLACEMENT_CHOICES } from './preferences.model.ts';

const KEPT = 'Kept for what is not built yet:';

const email = z.boolean();
const sms = z.boolean().meta({ description: `${KEPT} no SMS goes out about orders or offers.` });
const push = z
  .boolean()
  .meta({ description: 'News of an order to registered browsers; phones with an app are kept for later.' });

const orderUpdates = z.strictObject({
  email: email.meta({
    description:
      'The mail that confirms an order, and that which brings a restaurant’s answer to a review. The receipt and the mails about the security of the account always go out.',
  }),
  sms,
  push,
});
const offers = z.strictObject({ email: email.meta({ description: `${KEPT} no offers are mailed.` }), sms, push });

const wallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00')
  .meta({ examples: ['22:00'] });

const timeZone = z
  .string()
  .max(64)
  .refine((zone) => IANAZone.isValidZone(zone), 'must be a time zone such as Asia/Kolkata')
  .meta({ examples: ['Asia/Kolkata'] });

const preferencesSchema = z
  .strictObject({
    channels: z.strictObject({ orderUpdates, offers }),
    quietHours: z
      .strictObject({ from: wallTime, to: wallTime, timeZone })
      .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must differ from the beginning' })
      .nullable()
      .meta({
        description: `A span that ends before it begins ends on the next day. ${KEPT} mails do not wait for it.`,
      }),
    language: z
      .enum(LANGUAGES)
      .meta({ description: `Shown in the profile, for the client to speak. ${KEPT} mails are in English.` }),
    replacementChoice: z
      .enum(REPLACEMENT_CHOICES)
      .meta({ description: `What the kitchen may do when an item has run out. ${KEPT} no kitchen is shown it.` }),
  })
  .meta({
    id: 'Preferences',
    examples: [
      {
        channels: {
          orderUpdates: { email: true, sms: false, push: true },
          offers: { email: false, sms: false, push: false },
        },
        quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Kolkata' },
        language: 'en',
        replacementChoice: 'substitute',
      },
    ],
  });

export const getPreferencesRoute = defineRoute({
  method: 'get',
  path: '/me/preferences',
  operationId: 'getPreferences',
  tag: 'Me',
  summary: 'What to be told, when, and in which language',
  description:
    'Today `channels.orderUpdates.email` and `.push` decide about mails and push messages; the rest is kept for what is not built yet.',
  auth: 'account.use',
  request: {},
  responses: { 200: preferencesSchema },
  errors: [],
});

export const setPreferencesRoute = defineRoute({
  method: 'put',
  path: '/me/preferences',
  operationId: 'setPreferences',
  tag: 'Me',
  summary: 'Replace the preferences',
  description: 'All of them: nothing is merged.',
  auth: 'account.use',
  request: { body: preferencesSchema },
  responses: { 200: preferencesSchema },
  errors: [],
});

export const preferencesContracts = [getPreferencesRoute, setPreferencesRoute];
