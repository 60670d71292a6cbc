import { z } from 'zod';
import { defineRoute } from '../../../http/index.ts';
import { emailSchema } from '../../users/index.ts';
import { linkTokenSchema } from '../links/link-fields.ts';
import { loggedInSchema, refreshTokenIn } from '../log-in-fields.ts';
import { newPasswordSchema, presentPasswordSchema } from './password-fields.ts';

const forgotBody = z.strictObject({ email: emailSchema }).meta({ examples: [{ email: 'asha@example.com' }] });

const resetBody = z
  .strictObject({ token: linkTokenSchema, password: newPasswordSchema })
  .meta({ examples: [{ token: 'Nn2d3c6l0c7mIjV0c2hB9aQpYkz1mX8oR5tE4wUuGfA', password: 'seven lazy herons' }] });

const changeBody = z
  .strictObject({ currentPassword: presentPasswordSchema, newPassword: newPasswordSchema, refreshTokenIn })
  .meta({ examples: [{ currentPassword: 'correct horse battery', newPassword: 'seven lazy herons' }] });

export const requestPasswordResetRoute = defineRoute({
  method: 'post',
  path: '/auth/password/forgot',
  operationId: 'requestPasswordReset',
  tag: 'Auth',
  summary: 'Mail a link that sets a new password',
  description: 'Answers the same whether there is such an account or not.',
  auth: 'public',
  request: { body: forgotBody },
  responses: { 202: null },
  errors: [],
});

export const resetPasswordRoute = defineRoute({
  method: 'post',
  path: '/auth/password/reset',
  operationId: 'resetPassword',
  tag: 'Auth',
  summary: 'Set a new password by a link',
  description: 'Ends every session of the account and proves its e-mail. Logs nobody in.',
  auth: 'public',
  request: { body: resetBody },
  responses: { 204: null },
  errors: ['link_invalid', 'password_too_common'],
});

export const changePasswordRoute = defineRoute({
  method: 'post',
  path: '/auth/password/change',
  operationId: 'changePassword',
  tag: 'Auth',
  summary: 'Change the password',
  description: 'Ends every session of the account, also this one, and answers the tokens of a new one for this device.',
  auth: 'account.use',
  request: { body: changeBody },
  responses: { 200: loggedInSchema },
  errors: ['password_wrong', 'password_not_set', 'password_too_common'],
});

export const passwordsContracts = [requestPasswordResetRoute, resetPasswordRoute, changePasswordRoute];
