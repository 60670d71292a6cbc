import { z } from 'zod';
import { defineRoute } from '../../http/index.ts';
import { emailSchema, nameSchema, phoneSchema } from '../users/index.ts';
import { loggedInSchema, refreshTokenIn, TOKENS_EXAMPLE, tokenFields } from './log-in-fields.ts';
import { isBeyondBcrypt, PASSWORD_MIN_LENGTH } from './passwords/password-rules.ts';

/** Taken as sent: no trimming, no normalising (ASVS 6.2.8). */
const newPassword = z
  .string()
  .min(PASSWORD_MIN_LENGTH)
  .refine((password) => !isBeyondBcrypt(password), 'must not be longer than 72 bytes in UTF-8')
  .meta({ description: '8 characters to 72 bytes.', examples: ['correct horse battery'] });

const signUpBody = z
  .strictObject({
    email: emailSchema,
    password: newPassword,
    name: nameSchema,
    phone: phoneSchema.optional(),
    refreshTokenIn,
  })
  .meta({ examples: [{ email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' }] });

// Here the rules for new passwords do not apply: a password that no account can have is simply wrong.
const logInBody = z
  .strictObject({ email: emailSchema, password: z.string().min(1).max(1000), refreshTokenIn })
  // A log-in of the sample city, so that Swagger UI and Postman work as they are.
  .meta({ examples: [{ email: 'customer@demo.quickbite.example', password: 'quickbite-demo-1' }] });

const refreshTokenBody = z
  .strictObject({ refreshToken: z.string().min(1).max(200) })
  .meta({ examples: [{ refreshToken: 'k3vV1n0Qf2yq7mZt5cJ8xW4bR6sD9eLpA0hGuTiYoXE' }] });

const tokensSchema = z.strictObject(tokenFields).meta({ id: 'Tokens', examples: [TOKENS_EXAMPLE] });

export const signUpRoute = defineRoute({
  method: 'post',
  path: '/auth/signup',
  operationId: 'signUp',
  tag: 'Auth',
  summary: 'Open a customer account and log in',
  auth: 'public',
  request: { body: signUpBody },
  responses: { 201: loggedInSchema },
  errors: ['email_taken', 'phone_taken'],
});

export const logInRoute = defineRoute({
  method: 'post',
  path: '/auth/login',
  operationId: 'logIn',
  tag: 'Auth',
  summary: 'Begin a session',
  description: 'An unknown e-mail and a wrong password answer the same, in the same time.',
  auth: 'public',
  request: { body: logInBody },
  responses: { 200: loggedInSchema },
  errors: ['credentials_invalid', 'forbidden', 'mfa_required'],
});

export const refreshRoute = defineRoute({
  method: 'post',
  path: '/auth/refresh',
  operationId: 'refresh',
  tag: 'Auth',
  summary: 'Change the refresh token for new tokens',
  description: 'A refresh token is good for one use. A second use ends the session with all its tokens.',
  auth: 'public',
  request: { body: refreshTokenBody },
  responses: { 200: tokensSchema },
  errors: ['refresh_token_invalid'],
});

export const logOutRoute = defineRoute({
  method: 'post',
  path: '/auth/logout',
  operationId: 'logOut',
  tag: 'Auth',
  summary: 'End the session of a refresh token',
  description:
    'Its access tokens stop working at once. Needs no access token, so that it works when that has just expired; an unknown refresh token answers the same.',
  auth: 'public',
  request: { body: refreshTokenBody },
  responses: { 204: null },
  errors: [],
});

export const authContracts = [signUpRoute, logInRoute, refreshRoute, logOutRoute];
