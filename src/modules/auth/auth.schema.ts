import { z } from 'zod';
import { config } from '../../config/index.ts';
import { defineRoute } from '../../http/index.ts';
import { emailSchema, nameSchema, phoneSchema } from '../users/index.ts';
import { loggedInSchema, refreshTokenIn, TOKENS_EXAMPLE, tokenFields } from './log-in-fields.ts';
import { newPasswordSchema, presentPasswordSchema } from './passwords/password-fields.ts';

const signUpBody = z
  .strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    name: nameSchema,
    phone: phoneSchema.optional(),
    refreshTokenIn,
  })
  .meta({ examples: [{ email: 'asha@example.com', password: 'correct horse battery', name: 'Asha Rao' }] });

const logInBody = z
  .strictObject({ email: emailSchema, password: presentPasswordSchema, refreshTokenIn })
  // A log-in of the sample city, so that Swagger UI and Postman work as they are.
  .meta({ examples: [{ email: 'customer@demo.quickbite.example', password: 'quickbite-demo-1' }] });

const refreshTokenBody = z
  .strictObject({ refreshToken: z.string().min(1).max(200).optional() })
  .meta({ examples: [{ refreshToken: 'k3vV1n0Qf2yq7mZt5cJ8xW4bR6sD9eLpA0hGuTiYoXE' }] });

/** Under both routes that a cookie alone can reach. */
const COOKIE_RULE =
  'Without `refreshToken` in the body, that of the cookie `__Host-quickbite-refresh` is taken (log-in with `refreshTokenIn: "cookie"`). ' +
  'Such a request must carry `X-CSRF: 1` and an `Origin` of our own pages, else it is 403 `csrf_refused` and changes nothing.';

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
  errors: ['password_too_common', 'email_taken', 'phone_taken'],
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
  errors: ['credentials_invalid', 'account_suspended', 'mfa_required'],
});

export const refreshRoute = defineRoute({
  method: 'post',
  path: '/auth/refresh',
  operationId: 'refresh',
  tag: 'Auth',
  summary: 'Change the refresh token for new tokens',
  description:
    `A refresh token is good for one use. An answer that was lost may be asked for again for ${config.auth.refreshGraceSeconds} seconds, ` +
    'as long as its refresh token has not been used, and brings that same refresh token. Any other second use ends the session with all ' +
    `its tokens. ${COOKIE_RULE} The new one comes in the cookie again, and not in the body.`,
  auth: 'public',
  request: { body: refreshTokenBody },
  responses: { 200: tokensSchema },
  errors: ['refresh_token_invalid', 'csrf_refused'],
});

export const logOutRoute = defineRoute({
  method: 'post',
  path: '/auth/logout',
  operationId: 'logOut',
  tag: 'Auth',
  summary: 'End the session of a refresh token',
  description:
    'Its access tokens stop working at once. Needs no access token, so that it works when that has just expired; an unknown refresh ' +
    `token answers the same. ${COOKIE_RULE} The cookie is cleared.`,
  auth: 'public',
  request: { body: refreshTokenBody },
  responses: { 204: null },
  errors: ['csrf_refused'],
});

export const authContracts = [signUpRoute, logInRoute, refreshRoute, logOutRoute];
