import { z } from 'zod';
import { defineRoute } from '../../../http/index.ts';
import { emailSchema } from '../../users/index.ts';
import { linkTokenSchema } from '../links/link-fields.ts';
import { presentPasswordSchema } from '../passwords/password-fields.ts';

const verifyEmailBody = z
  .strictObject({ token: linkTokenSchema })
  .meta({ examples: [{ token: 'Nn2d3c6l0c7mIjV0c2hB9aQpYkz1mX8oR5tE4wUuGfA' }] });

const emailChangeBody = z
  .strictObject({ email: emailSchema, password: presentPasswordSchema })
  .meta({ examples: [{ email: 'asha.rao@example.com', password: 'correct horse battery' }] });

export const verifyEmailRoute = defineRoute({
  method: 'post',
  path: '/auth/email/verify',
  operationId: 'verifyEmail',
  tag: 'Auth',
  summary: 'Prove an e-mail address by the link that was mailed to it',
  description:
    'Of the account, or the new one it is to have: then the account moves there, the old address is told, and every session ends, also this one. Needs a session of the account that the link is for.',
  auth: 'account.use',
  request: { body: verifyEmailBody },
  responses: { 204: null },
  errors: ['link_invalid', 'email_taken'],
});

export const requestEmailVerificationRoute = defineRoute({
  method: 'post',
  path: '/auth/email/verify/request',
  operationId: 'requestEmailVerification',
  tag: 'Auth',
  summary: 'Mail the link that proves the e-mail once more',
  auth: 'account.use',
  request: {},
  responses: { 202: null },
  errors: ['email_already_verified'],
});

export const requestEmailChangeRoute = defineRoute({
  method: 'post',
  path: '/auth/email/change',
  operationId: 'requestEmailChange',
  tag: 'Auth',
  summary: 'Ask for another e-mail',
  description: 'Mails a link to the new address. Nothing changes before it is followed.',
  auth: 'account.use',
  request: { body: emailChangeBody },
  responses: { 202: null },
  errors: ['password_wrong', 'password_not_set', 'email_taken'],
});

export const emailsContracts = [verifyEmailRoute, requestEmailVerificationRoute, requestEmailChangeRoute];
