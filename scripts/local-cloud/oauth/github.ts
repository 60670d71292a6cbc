import { askForConsent, redirectBack } from './consent.ts';
import { grantOf, isClient, openDesk, randomCode, redeem, type Grant, type OauthClient, type Refusal } from './desk.ts';
import { startOauthServer, type OauthExchange } from './front-door.ts';
import { realNowMs } from '../clock.ts';
import { sendJson, type RunningServer } from '../http.ts';

interface GithubOptions {
  ports: readonly number[];
  client: OauthClient;
}

/** GitHub's own words for a refusal; the status is 200 all the same. */
const REFUSALS: Record<Refusal | 'client' | 'grant_type', [error: string, description: string]> = {
  unknown_code: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  pkce_mismatch: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  redirect_uri_mismatch: [
    'redirect_uri_mismatch',
    'The redirect_uri MUST match the registered callback URL for this application.',
  ],
  client: ['incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.'],
  grant_type: ['unsupported_grant_type', 'The specified grant type is not supported.'],
};

/** GitHub as far as a log-in goes: OAuth 2.0 under `/login/oauth`, its API under `/api/v3` as on GitHub Enterprise Server. */
export function startGithubServer({ ports, client }: GithubOptions): Promise<RunningServer> {
  return startOauthServer(ports, openDesk('github', client), answer);
}

function answer(exchange: OauthExchange): Promise<void> | void {
  const { req, res, url } = exchange;
  const method = req.method ?? '';
  const isAsking = method === 'GET' || method === 'POST';
  if (isAsking && url.pathname === '/login/oauth/authorize') return authorize(exchange);
  if (method === 'POST' && url.pathname === '/login/oauth/access_token') {
    giveToken(exchange);
    return;
  }
  if (method === 'GET' && url.pathname.startsWith('/api/v3/')) {
    answerApi(exchange);
    return;
  }
  sendJson(res, 404, { message: 'Not Found' });
}

function authorize(exchange: OauthExchange): Promise<void> | void {
  const { desk, url } = exchange;
  return askForConsent(exchange, (person) => {
    const code = randomCode(10);
    const isHashed = url.searchParams.get('code_challenge_method') === 'S256';
    desk.codes.set(code, {
      person,
      redirectUri: url.searchParams.get('redirect_uri') ?? '',
      scope: url.searchParams.get('scope') ?? '',
      challenge: isHashed ? url.searchParams.get('code_challenge') : null,
      madeAtMs: realNowMs(),
    });
    redirectBack(exchange, { code });
  });
}

function giveToken({ desk, req, res, body }: OauthExchange): void {
  const form = new URLSearchParams(body);
  const answerIn = (fields: Record<string, string>): void => {
    if (req.headers.accept?.includes('application/json') === true) sendJson(res, 200, fields);
    else
      res
        .writeHead(200, { 'Content-Type': 'application/x-www-form-urlencoded' })
        .end(new URLSearchParams(fields).toString());
  };
  const refuse = ([error, description]: [string, string]): void => {
    answerIn({ error, error_description: description, error_uri: 'https://docs.github.com/apps/oauth-errors' });
  };
  if (!isClient(desk, form.get('client_id') ?? '', form.get('client_secret') ?? '')) {
    refuse(REFUSALS.client);
    return;
  }
  if ((form.get('grant_type') ?? 'authorization_code') !== 'authorization_code') {
    refuse(REFUSALS.grant_type);
    return;
  }
  const grant = redeem(desk, form);
  if (typeof grant === 'string') {
    refuse(REFUSALS[grant]);
    return;
  }
  const token = `gho_${randomCode(18)}`;
  desk.tokens.set(token, grant);
  answerIn({ access_token: token, scope: grant.scope.replaceAll(' ', ','), token_type: 'bearer' });
}

/** Like the real one, it asks every caller for a name, and for the scope of what is private. */
function answerApi({ desk, req, res, url }: OauthExchange): void {
  const grant = grantOf(desk, req.headers.authorization);
  if (req.headers['user-agent'] === undefined) {
    sendJson(res, 403, { message: 'Request forbidden by administrative rules. Please send a User-Agent header.' });
  } else if (grant === null) sendJson(res, 401, { message: 'Bad credentials', status: '401' });
  else if (url.pathname === '/api/v3/user') sendJson(res, 200, profileOf(grant));
  else if (url.pathname === '/api/v3/user/emails' && grant.scope.split(/[ ,]/).includes('user:email')) {
    sendJson(res, 200, emailsOf(grant));
  } else sendJson(res, 404, { message: 'Not Found', status: '404' });
}

/** The public profile tells no e-mail unless its owner wants so. */
function profileOf({ person: { sub, name } }: Grant) {
  return { login: `user-${sub}`, id: Number(BigInt(sub) % 1_000_000_000n), type: 'User', name, email: null };
}

/** The last one is what GitHub gives everybody: verified, and nobody reads it. */
function emailsOf({ person: { sub, email, emailVerified } }: Grant) {
  const hidden = { email: `${sub}+user@users.noreply.example`, primary: false, verified: true, visibility: null };
  if (email === null) return [hidden];
  return [{ email, primary: true, verified: emailVerified, visibility: 'private' }, hidden];
}
