import type { OauthExchange } from './front-door.ts';
import { isRegistered } from './desk.ts';
import { PEOPLE, type Person } from './people.ts';
import { escapeHtml, sendHtml } from '../http.ts';

const PAGE_POLICY = "default-src 'none'; form-action *; style-src 'unsafe-inline'";

/**
 * The front half of an authorization: who signs in. A wrong client or redirect address is told to the person and never
 * redirected to (RFC 6749 section 4.1.2.1).
 */
export function askForConsent(exchange: OauthExchange, approve: (person: Person) => Promise<void> | void) {
  const { desk, req, res, url, body } = exchange;
  const redirectUri = url.searchParams.get('redirect_uri') ?? '';
  if (url.searchParams.get('client_id') !== desk.client.clientId) {
    refuse(exchange, 'This app is not known (invalid_client).');
    return;
  }
  if (!isRegistered(desk, redirectUri)) {
    refuse(exchange, 'This address is not registered for the app (redirect_uri_mismatch).');
    return;
  }
  if (desk.signedIn !== null) return approve(desk.signedIn);
  if (req.method !== 'POST') {
    sendHtml(res, page(desk.provider, question(url)), { policy: PAGE_POLICY });
    return;
  }
  const sub = new URLSearchParams(body).get('person');
  const person = PEOPLE.find((one) => one.sub === sub);
  if (person !== undefined) return approve(person);
  redirectBack(exchange, { error: 'access_denied', error_description: 'The person said no.' });
}

/** Back to the client, with its state and, as both providers do, who answers (RFC 9207). */
export function redirectBack({ desk, res, url, baseUrl }: OauthExchange, params: Record<string, string>): void {
  const target = new URL(url.searchParams.get('redirect_uri') ?? '');
  const state = url.searchParams.get('state');
  const issuer = desk.provider === 'google' ? baseUrl : `${baseUrl}/login/oauth`;
  const iss = desk.faults.take('wrong_iss_parameter') ? 'https://evil.example' : issuer;
  for (const [name, value] of Object.entries({ ...params, ...(state !== null && { state }), iss })) {
    target.searchParams.set(name, value);
  }
  res.writeHead(302, { Location: target.href }).end();
}

function refuse({ desk, res }: OauthExchange, sentence: string): void {
  sendHtml(res, page(desk.provider, `<p>${escapeHtml(sentence)}</p>`), { status: 400, policy: PAGE_POLICY });
}

function question(url: URL): string {
  const buttons = PEOPLE.map(
    ({
      sub,
      name,
      email,
      emailVerified,
    }) => `<p><button name="person" value="${escapeHtml(sub)}">${escapeHtml(name ?? sub)}
      (${escapeHtml(email ?? 'no e-mail')}${emailVerified ? '' : ', not verified'})</button></p>`,
  );
  return `<p>QuickBite asks who you are.</p>
    <form method="post" action="${escapeHtml(url.pathname + url.search)}">${buttons.join('')}
      <p><button name="person" value="">Refuse</button></p>
    </form>`;
}

function page(provider: string, content: string): string {
  const title = `Sign in with ${provider === 'google' ? 'Google' : 'GitHub'} (local)`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
    <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}</style></head>
    <body><h1>${title}</h1>${content}</body></html>`;
}
