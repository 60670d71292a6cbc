import { z } from 'zod';
import { defineRoute } from '../../../http/index.ts';
import { emailSchema, phoneSchema } from '../../users/index.ts';
import { presencePassword } from '../passwords/password-fields.ts';
import { loggedInSchema, refreshTokenIn } from '../log-in-fields.ts';

const code = z
  .string()
  .regex(/^\d{6}$/, 'must be six digits')
  .meta({ examples: ['204713'] });

const bySms = { channel: z.literal('sms'), phone: phoneSchema };
const byEmail = { channel: z.literal('email'), email: emailSchema };

const PHONE = '+919955501234';

const logInCodeBody = z.discriminatedUnion('channel', [z.strictObject(bySms), z.strictObject(byEmail)]).meta({
  examples: [
    { channel: 'email', email: 'customer@demo.quickbite.example' },
    { channel: 'sms', phone: PHONE },
  ],
});

const logInWithCodeBody = z
  .discriminatedUnion('channel', [
    z.strictObject({ ...bySms, code, refreshTokenIn }),
    z.strictObject({ ...byEmail, code, refreshTokenIn }),
  ])
  .meta({ examples: [{ channel: 'email', email: 'customer@demo.quickbite.example', code: '204713' }] });

const phoneBody = z
  .strictObject({ phone: phoneSchema, password: presencePassword })
  .meta({ examples: [{ phone: PHONE, password: 'correct horse battery' }] });
const noPhoneBody = z
  .strictObject({ password: presencePassword })
  .meta({ examples: [{ password: 'correct horse battery' }] });
const phoneCodeBody = z
  .strictObject({ phone: phoneSchema, code })
  .meta({ examples: [{ phone: PHONE, code: '204713' }] });

const codeRequestedSchema = z
  .strictObject({ expiresInSeconds: z.int().meta({ description: 'Life of the code, from now on.' }) })
  .meta({ id: 'CodeRequested', examples: [{ expiresInSeconds: 600 }] });

export const requestLogInCodeRoute = defineRoute({
  method: 'post',
  path: '/auth/otp/request',
  operationId: 'requestLogInCode',
  tag: 'Auth',
  summary: 'Send a six-digit code to log in with',
  description:
    'Goes to an account that has proven this phone or e-mail; the answer is the same where there is none. A new code makes the one before useless. After five wrong guesses no code goes to this target for a while (429).',
  auth: 'public',
  request: { body: logInCodeBody },
  responses: { 202: codeRequestedSchema },
  errors: ['sms_unavailable'],
});

export const logInWithCodeRoute = defineRoute({
  method: 'post',
  path: '/auth/otp/verify',
  operationId: 'logInWithCode',
  tag: 'Auth',
  summary: 'Begin a session with a code',
  description: 'For accounts that exist; a code opens none. It is good for one use.',
  auth: 'public',
  request: { body: logInWithCodeBody },
  responses: { 200: loggedInSchema },
  errors: ['code_invalid', 'account_suspended', 'mfa_required'],
});

export const requestPhoneVerificationRoute = defineRoute({
  method: 'post',
  path: '/auth/phone/verify/request',
  operationId: 'requestPhoneVerification',
  tag: 'Auth',
  summary: 'Send a code to a phone number of one’s own',
  description:
    'Codes sent to a proven number open the account, so it takes the password; without one, a log-in of the last ten minutes.',
  auth: 'account.use',
  request: { body: phoneBody },
  responses: { 202: codeRequestedSchema },
  errors: ['password_wrong', 'log_in_again', 'sms_unavailable'],
});

export const verifyPhoneRoute = defineRoute({
  method: 'post',
  path: '/auth/phone/verify',
  operationId: 'verifyPhone',
  tag: 'Auth',
  summary: 'Prove a phone number, which becomes the account’s',
  description:
    'In place of the one before. An account that only claimed the number loses it; one that has proven it keeps it (`phone_taken`).',
  auth: 'account.use',
  request: { body: phoneCodeBody },
  responses: { 204: null },
  errors: ['code_invalid', 'phone_taken'],
});

export const removePhoneRoute = defineRoute({
  method: 'delete',
  path: '/auth/phone',
  operationId: 'removePhone',
  tag: 'Auth',
  summary: 'Take the phone number off one’s account',
  description: 'Takes the password; without one, a log-in of the last ten minutes.',
  auth: 'account.use',
  request: { body: noPhoneBody },
  responses: { 204: null },
  errors: ['password_wrong', 'log_in_again', 'not_found'],
});

export const codesContracts = [
  requestLogInCodeRoute,
  logInWithCodeRoute,
  requestPhoneVerificationRoute,
  verifyPhoneRoute,
  removePhoneRoute,
];

/** Channel and target of a body that either route for logging in takes. */
export function targetOf(body: { channel: 'sms'; phone: string } | { channel: 'email'; email: string }): {
  channel: 'sms' | 'email';
  target: string;
} {
  return body.channel === 'sms' ? { channel: 'sms', target: body.phone } : { channel: 'email', target: body.email };
}
