import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { defineRoute, pageSchema, timeSchema } from '../../../http/index.ts';
import { presencePassword } from '../passwords/password-fields.ts';
import { loggedInSchema, refreshTokenIn } from '../log-in-fields.ts';
import { PROVIDERS } from './provider-names.ts';

const EXAMPLE = {
  returnTo: 'http://localhost:5173/auth/callback',
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code: 'k3vV1n0Qf2yq7mZt5cJ8xW4bR6sD9eLpA0hGuTiYoXE',
  password: 'correct horse battery',
};

const providerParams = z.strictObject({ provider: z.enum(PROVIDERS) });

const beginFields = {
  returnTo: z
    .string()
    .max(2000)
    .refine((url) => config.social.returnUrls.includes(url), 'must be one of the configured addresses, to the letter')
    .meta({ description: 'One of OAUTH_RETURN_URLS, compared exactly.', examples: [EXAMPLE.returnTo] }),
  codeChallenge: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the base64url of a SHA-256')
    .meta({ description: 'S256 (RFC 7636) of a secret that the page keeps.', examples: [EXAMPLE.codeChallenge] }),
};

const redeemFields = {
  code: z.string().min(1).max(200).meta({ description: 'The `code` of the return address; 60 seconds, one use.' }),
  codeVerifier: z
    .string()
    .regex(/^[\w.~-]{43,128}$/, 'must be 43 to 128 unreserved characters')
    .meta({ description: 'The secret behind `codeChallenge`.' }),
};
const redeemExample = { code: EXAMPLE.code, codeVerifier: EXAMPLE.codeVerifier };

const identitySchema = z
  .strictObject({ provider: z.enum(PROVIDERS), email: z.string().nullable(), linkedAt: timeSchema })
  .meta({
    id: 'Identity',
    examples: [{ provider: 'google', email: 'asha@example.com', linkedAt: '2026-11-20T12:30:00.000Z' }],
  });
export type IdentityBody = z.infer<typeof identitySchema>;

export const beginSocialLogInRoute = defineRoute({
  method: 'get',
  path: '/auth/oauth/{provider}',
  operationId: 'beginSocialLogIn',
  tag: 'Auth',
  summary: 'Go to a provider to log in',
  description:
    'For the address bar, not for fetch. Comes back to `returnTo` with `?code=` for `POST /auth/oauth/exchange`, or with `?error=` and one of our error codes.',
  auth: 'public',
  request: { params: providerParams, query: z.strictObject(beginFields) },
  responses: { 302: null },
  errors: ['not_found'],
});

export const completeSocialLogInRoute = defineRoute({
  method: 'get',
  path: '/auth/oauth/{provider}/callback',
  operationId: 'completeSocialLogIn',
  tag: 'Auth',
  summary: 'Where the provider sends the browser back to',
  auth: 'public',
  // What else a provider adds is its own affair; nothing may stand there twice.
  request: { params: providerParams, query: z.object({ state: z.string().max(500).optional() }).catchall(z.string()) },
  responses: { 302: null },
  errors: ['oauth_failed'],
});

export const exchangeSocialCodeRoute = defineRoute({
  method: 'post',
  path: '/auth/oauth/exchange',
  operationId: 'exchangeSocialCode',
  tag: 'Auth',
  summary: 'Change the code of a return address for a session',
  description:
    'Only for the page that began. An e-mail that the provider has verified opens the account with that e-mail if it is proven there too, and a new account if there is none.',
  auth: 'public',
  request: { body: z.strictObject({ ...redeemFields, refreshTokenIn }).meta({ examples: [redeemExample] }) },
  responses: { 200: loggedInSchema },
  errors: [
    'oauth_failed',
    'oauth_email_unverified',
    'oauth_account_unverified',
    'identity_taken',
    'account_suspended',
    'mfa_required',
  ],
});

export const beginIdentityLinkRoute = defineRoute({
  method: 'post',
  path: '/auth/oauth/{provider}/link',
  operationId: 'beginIdentityLink',
  tag: 'Auth',
  summary: 'Go to a provider to add it to one’s account',
  description:
    'Send the browser to `authorizationUrl`; it comes back with a `code` for `POST /auth/oauth/link`. Takes the password; without one, a log-in of the last ten minutes.',
  auth: 'account.use',
  request: {
    params: providerParams,
    body: z.strictObject({ ...beginFields, password: presencePassword }).meta({
      examples: [{ returnTo: EXAMPLE.returnTo, codeChallenge: EXAMPLE.codeChallenge, password: EXAMPLE.password }],
    }),
  },
  responses: {
    200: z.strictObject({ authorizationUrl: z.url() }).meta({
      id: 'Authorization',
      examples: [{ authorizationUrl: 'https://github.com/login/oauth/authorize?client_id=quickbite&state=k3vV1n0Q' }],
    }),
  },
  errors: ['password_wrong', 'log_in_again', 'not_found'],
});

export const linkIdentityRoute = defineRoute({
  method: 'post',
  path: '/auth/oauth/link',
  operationId: 'linkIdentity',
  tag: 'Auth',
  summary: 'Add the identity behind a code to one’s account',
  auth: 'account.use',
  request: { body: z.strictObject(redeemFields).meta({ examples: [redeemExample] }) },
  responses: { 200: identitySchema },
  errors: ['oauth_failed', 'identity_taken'],
});

export const listIdentitiesRoute = defineRoute({
  method: 'get',
  path: '/auth/identities',
  operationId: 'listIdentities',
  tag: 'Auth',
  summary: 'The providers that open one’s account',
  auth: 'account.use',
  request: {},
  responses: { 200: pageSchema(identitySchema) },
  errors: [],
});

export const unlinkIdentityRoute = defineRoute({
  method: 'delete',
  path: '/auth/identities/{provider}',
  operationId: 'unlinkIdentity',
  tag: 'Auth',
  summary: 'Take a provider off one’s account',
  description: 'Takes the password; without one, a log-in of the last ten minutes.',
  auth: 'account.use',
  request: {
    params: providerParams,
    body: z.strictObject({ password: presencePassword }).meta({ examples: [{ password: EXAMPLE.password }] }),
  },
  responses: { 204: null },
  errors: ['password_wrong', 'log_in_again', 'not_found', 'last_login_method'],
});

export const socialContracts = [
  beginSocialLogInRoute,
  completeSocialLogInRoute,
  exchangeSocialCodeRoute,
  beginIdentityLinkRoute,
  linkIdentityRoute,
  listIdentitiesRoute,
  unlinkIdentityRoute,
];
