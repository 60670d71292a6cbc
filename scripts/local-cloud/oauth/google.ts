import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  Events,
  OAuth2Issuer,
  OAuth2Service,
  type MutableRedirectUri,
  type MutableResponse,
  type MutableToken,
} from 'oauth2-mock-server';
import { askForConsent } from './consent.ts';
import { grantOf, isClient, openDesk, redeem, type Desk, type Grant, type OauthClient, type Refusal } from './desk.ts';
import { startOauthServer, type OauthExchange } from './front-door.ts';
import { realNowMs } from '../clock.ts';
import { sendJson, type RunningServer } from '../http.ts';

interface GoogleOptions {
  dataDir: string;
  ports: readonly number[];
  client: OauthClient;
}

const REFUSALS: Record<Refusal, [error: string, description: string]> = {
  unknown_code: ['invalid_grant', 'Bad Request'],
  pkce_mismatch: ['invalid_grant', 'Invalid code verifier.'],
  redirect_uri_mismatch: ['redirect_uri_mismatch', 'Bad Request'],
};

/** The requests that oauth2-mock-server is answering, with what we know about them. */
interface Issuing {
  service: OAuth2Service;
  grants: WeakMap<IncomingMessage, Grant>;
  codes: WeakMap<IncomingMessage, (code: string) => void>;
}

/**
 * Google as far as a log-in goes: OpenID Connect. oauth2-mock-server makes codes, keys and tokens; what it leaves out on
 * purpose stands before it: who the client is, what is registered, who signs in, and that a code is good for one use.
 */
export async function startGoogleServer({ dataDir, ports, client }: GoogleOptions): Promise<RunningServer> {
  const desk = openDesk('google', client);
  const issuer = new OAuth2Issuer();
  await useKey(issuer, join(dataDir, 'google-key.json'));
  const issuing: Issuing = { service: new OAuth2Service(issuer), grants: new WeakMap(), codes: new WeakMap() };
  shapeAnswers(desk, issuing);
  const server = await startOauthServer(ports, desk, (exchange) => answer(exchange, issuing));
  issuer.url = server.url;
  return server;
}

/** Kept, so that a client which remembers the keys of yesterday still fits. */
async function useKey(issuer: OAuth2Issuer, file: string): Promise<void> {
  if (existsSync(file)) {
    await issuer.keys.add(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
    return;
  }
  writeFileSync(file, JSON.stringify(await issuer.keys.generate('RS256')), { mode: 0o600 });
}

function answer(exchange: OauthExchange, issuing: Issuing): Promise<void> | void {
  const { req, res, url } = exchange;
  switch (`${req.method ?? ''} ${url.pathname}`) {
    case 'GET /authorize':
    case 'POST /authorize':
      return authorize(exchange, issuing);
    case 'POST /token':
      giveToken(exchange, issuing);
      return;
    case 'GET /userinfo':
    case 'GET /jwks':
    case 'GET /.well-known/openid-configuration':
      issuing.service.requestHandler(replay(exchange), res);
      return;
    default:
      sendJson(res, 404, { error: 'not_found' });
  }
}

function authorize(exchange: OauthExchange, { service, codes }: Issuing): Promise<void> | void {
  const { desk, res, url } = exchange;
  if (url.searchParams.get('scope')?.split(' ').includes('openid') !== true) {
    sendJson(res, 400, { error: 'invalid_scope' });
    return;
  }
  return askForConsent(exchange, (person) => {
    const request = replay(exchange, 'GET');
    codes.set(request, (code) => {
      const { searchParams } = url;
      desk.codes.set(code, {
        person,
        redirectUri: searchParams.get('redirect_uri') ?? '',
        scope: searchParams.get('scope') ?? '',
        challenge: searchParams.get('code_challenge_method') === 'S256' ? searchParams.get('code_challenge') : null,
        madeAtMs: realNowMs(),
      });
    });
    service.requestHandler(request, res);
  });
}

function giveToken(exchange: OauthExchange, { service, grants }: Issuing): void {
  const { desk, req, res, body } = exchange;
  const form = new URLSearchParams(body);
  const [id, secret] = credentialsOf(req, form);
  if (!isClient(desk, id, secret)) {
    sendJson(res, 401, { error: 'invalid_client', error_description: 'The OAuth client was not found.' });
    return;
  }
  if (form.get('grant_type') !== 'authorization_code') {
    sendJson(res, 400, { error: 'unsupported_grant_type' });
    return;
  }
  const grant = redeem(desk, form);
  if (typeof grant === 'string') {
    const [error, description] = REFUSALS[grant];
    sendJson(res, 400, { error, error_description: description });
    return;
  }
  const request = replay(exchange);
  grants.set(request, grant);
  service.requestHandler(request, res);
}

function credentialsOf(req: IncomingMessage, form: URLSearchParams): [id: string, secret: string] {
  const basic = /^Basic (\S+)$/.exec(req.headers.authorization ?? '')?.[1];
  if (basic === undefined) return [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  return [id, secret];
}

/** The body has been read; the library reads it once more. */
function replay({ req, body }: OauthExchange, method = req.method): IncomingMessage {
  const stream = Readable.from(body === '' ? [] : [Buffer.from(body)]);
  return Object.assign(stream, { method, url: req.url, headers: req.headers }) as unknown as IncomingMessage;
}

function shapeAnswers(desk: Desk, { service, grants, codes }: Issuing): void {
  service.on(Events.BeforeWellKnownOpenIdConfiguration, ({ body }: MutableResponse) => {
    Object.assign(body, discoveryOf(desk));
  });
  service.on(Events.BeforeAuthorizeRedirect, ({ url }: MutableRedirectUri, req: IncomingMessage) => {
    codes.get(req)?.(url.searchParams.get('code') ?? '');
    const iss = desk.faults.take('wrong_iss_parameter') ? 'https://evil.example' : (service.issuer.url ?? '');
    url.searchParams.set('iss', iss);
  });
  service.on(Events.BeforeTokenSigning, ({ payload }: MutableToken, req: IncomingMessage) => {
    const grant = grants.get(req);
    if (grant !== undefined) Object.assign(payload, claimsOf(desk, grant, 'aud' in payload));
  });
  service.on(Events.BeforeResponse, ({ body }: MutableResponse, req: IncomingMessage) => {
    const grant = grants.get(req);
    if (body === '' || grant === undefined) return;
    desk.tokens.set(String(body['access_token']), grant);
    if (desk.faults.take('bad_signature')) body['id_token'] = `${String(body['id_token']).slice(0, -8)}AAAAAAAA`;
    if (desk.faults.take('no_id_token')) delete body['id_token'];
    delete body['refresh_token'];
  });
  service.on(Events.BeforeUserinfo, (answered: MutableResponse, req: IncomingMessage) => {
    const grant = grantOf(desk, req.headers.authorization);
    if (grant === null) Object.assign(answered, { statusCode: 401, body: { error: 'invalid_token' } });
    else answered.body = profileOf(grant);
  });
}

function discoveryOf({ faults }: Desk): Record<string, unknown> {
  return {
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    grant_types_supported: ['authorization_code'],
    scopes_supported: ['openid', 'email', 'profile'],
    code_challenge_methods_supported: ['plain', 'S256'],
    authorization_response_iss_parameter_supported: true,
    ...(faults.take('wrong_discovery_issuer') && { issuer: 'https://evil.example' }),
  };
}

/** The ID token has an audience; the access token needs the subject alone. */
function claimsOf({ faults }: Desk, grant: Grant, isIdToken: boolean): Record<string, unknown> {
  if (!isIdToken) return { sub: grant.person.sub };
  return {
    ...profileOf(grant),
    ...(faults.take('wrong_issuer') && { iss: 'https://evil.example' }),
    ...(faults.take('wrong_audience') && { aud: 'another-client' }),
    ...(faults.take('wrong_nonce') && { nonce: 'another-nonce' }),
  };
}

function profileOf({ person: { sub, email, emailVerified, name }, scope }: Grant): Record<string, unknown> {
  const scopes = scope.split(' ');
  return {
    sub,
    ...(scopes.includes('email') && email !== null && { email, email_verified: emailVerified }),
    ...(scopes.includes('profile') && name !== null && { name }),
  };
}
