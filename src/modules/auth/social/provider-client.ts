import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchProtectedResource,
} from 'openid-client';
import { z } from 'zod';
import { config } from '../../../config/index.ts';
import { AppError, isAppError } from '../../../errors/index.ts';
import { nowMs } from '../../../shared/clock.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { ProviderName } from './provider-names.ts';

/** What a provider says about the person who signed in. */
export interface Profile {
  provider: ProviderName;
  subject: string;
  email: string | null;
  isEmailVerified: boolean;
  name: string | null;
}

/** The secrets of one authorization. */
export interface Checks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

type Tokens = Awaited<ReturnType<typeof authorizationCodeGrant>>;

interface Provider {
  clientId: () => string;
  scope: string;
  open: () => Promise<Configuration>;
  /** An ID token proves the log-in by itself; without one the profile is asked for. */
  hasIdToken: boolean;
  readProfile: (client: Configuration, tokens: Tokens) => Promise<Omit<Profile, 'provider'>>;
}

/** For one request to a provider; a log-in makes up to four. */
const TIMEOUT_SECONDS = 4;
/** A provider announces changes of its endpoints long before. */
const CLIENT_LIFE_MS = 3_600_000;

const PROVIDERS: Record<ProviderName, Provider> = {
  google: {
    clientId: () => config.social.google.clientId,
    scope: 'openid email profile',
    open: openGoogle,
    hasIdToken: true,
    readProfile: (_client, tokens) => Promise.resolve(readIdToken(tokens)),
  },
  github: {
    clientId: () => config.social.github.clientId,
    scope: 'read:user user:email',
    open: () => Promise.resolve(openGithub()),
    hasIdToken: false,
    readProfile: (client, tokens) => readGithubProfile(client, tokens.access_token),
  },
};

const clients = new Map<ProviderName, { client: Promise<Configuration>; openedAtMs: number }>();

/** Where the provider sends people back to: registered there, and compared there to the letter. */
export function redirectUriOf(provider: ProviderName): string {
  const base = config.server.publicUrl.replace(/\/$/, '');
  return new URL(`${base}/api/v1/auth/oauth/${provider}/callback`).href;
}

/** @throws AppError `not_found` where this provider is not set up */
export function assertProvider(provider: ProviderName): void {
  if (PROVIDERS[provider].clientId() === '') throw new AppError('not_found');
}

/** @throws AppError `service_unavailable` */
export async function authorizationUrl(
  provider: ProviderName,
  { state, nonce, codeChallenge }: Pick<Checks, 'state' | 'nonce'> & { codeChallenge: string },
): Promise<string> {
  const client = await clientOf(provider).catch((error: unknown) => {
    throw new AppError('service_unavailable', { cause: error, retryAfterSeconds: 5, info: { provider } });
  });
  const { scope, hasIdToken } = PROVIDERS[provider];
  return buildAuthorizationUrl(client, {
    redirect_uri: redirectUriOf(provider),
    scope,
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...(hasIdToken && { nonce }),
  }).href;
}

/**
 * Exchanges the provider's code. State, issuer, nonce, audience, times and signature are the library's to check.
 * @param answer the query of the callback, as it came
 * @throws AppError `oauth_failed`, `service_unavailable`
 */
export async function readProfile(provider: ProviderName, answer: URLSearchParams, checks: Checks): Promise<Profile> {
  const { hasIdToken, readProfile: read } = PROVIDERS[provider];
  try {
    const client = await clientOf(provider);
    const tokens = await authorizationCodeGrant(client, new URL(`${redirectUriOf(provider)}?${answer.toString()}`), {
      expectedState: checks.state,
      pkceCodeVerifier: checks.codeVerifier,
      ...(hasIdToken && { expectedNonce: checks.nonce, idTokenExpected: true }),
    });
    return { provider, ...(await read(client, tokens)) };
  } catch (error) {
    throw providerFault(error) ?? new AppError('oauth_failed', { cause: error, info: { provider } });
  }
}

/** One for all requests at a time; a failure is forgotten at once. */
function clientOf(provider: ProviderName): Promise<Configuration> {
  const known = clients.get(provider);
  if (known !== undefined && nowMs() - known.openedAtMs < CLIENT_LIFE_MS) return known.client;
  const client = PROVIDERS[provider].open();
  clients.set(provider, { client, openedAtMs: nowMs() });
  client.catch(() => {
    if (clients.get(provider)?.client === client) clients.delete(provider);
  });
  return client;
}

async function openGoogle(): Promise<Configuration> {
  const { issuer, clientId, clientSecret } = config.social.google;
  const client = await discovery(new URL(issuer), clientId, undefined, ClientSecretPost(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    [customFetch]: boundedFetch,
    execute: extensionsFor(issuer),
  });
  // The library would trust TLS for an ID token that comes straight from the provider.
  enableNonRepudiationChecks(client);
  return client;
}

/** GitHub has no discovery. Since April 2026 it says who answers (RFC 9207), and this is the name it uses. */
function openGithub(): Configuration {
  const { url, clientId, clientSecret } = config.social.github;
  const base = `${url.replace(/\/$/, '')}/login/oauth`;
  const client = new Configuration(
    { issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/access_token` },
    clientId,
    undefined,
    ClientSecretPost(clientSecret),
  );
  client.timeout = TIMEOUT_SECONDS;
  client[customFetch] = boundedFetch;
  for (const extend of extensionsFor(url)) extend(client);
  return client;
}

/** Plain http is for the local cloud alone. */
function extensionsFor(url: string): ((client: Configuration) => void)[] {
  if (config.isProduction || new URL(url).protocol !== 'http:') return [];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to be noticed; never in production
  return [allowInsecureRequests];
}

const idTokenSchema = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
});

function readIdToken(tokens: Tokens): Omit<Profile, 'provider'> {
  const { sub, email, email_verified: isVerified, name } = idTokenSchema.parse(tokens.claims());
  return { subject: sub, email: email ?? null, isEmailVerified: isVerified === true, name: name ?? null };
}

const githubUserSchema = z.object({ id: z.int().positive(), login: z.string(), name: z.string().nullish() });
const githubEmailsSchema = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

async function readGithubProfile(client: Configuration, accessToken: string): Promise<Omit<Profile, 'provider'>> {
  const { id, login, name } = githubUserSchema.parse(await askGithub(client, accessToken, '/user'));
  const emails = githubEmailsSchema.parse(await askGithub(client, accessToken, '/user/emails'));
  const primary = emails.find((one) => one.primary);
  return {
    subject: String(id),
    email: primary?.email ?? null,
    isEmailVerified: primary?.verified === true,
    name: name ?? login,
  };
}

async function askGithub(client: Configuration, accessToken: string, path: string): Promise<unknown> {
  const url = new URL(`${config.social.github.apiUrl.replace(/\/$/, '')}${path}`);
  const headers = new Headers({ Accept: 'application/vnd.github+json', 'X-GitHub-Api-Version': '2022-11-28' });
  const response = await fetchProtectedResource(client, accessToken, url, 'GET', null, headers);
  if (response.status !== 200) throw new Error(`GitHub answered ${response.status} to ${path}`);
  return response.json();
}

/** What `boundedFetch` threw, wherever the library wrapped it. */
function providerFault(error: unknown): AppError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isAppError(cause, 'service_unavailable')) return cause;
  }
  return null;
}
