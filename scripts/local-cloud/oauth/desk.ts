import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { noOauthFaults, type OauthFaults } from './faults.ts';
import type { Person } from './people.ts';
import { realNowMs } from '../clock.ts';

export interface OauthClient {
  clientId: string;
  clientSecret: string;
}

/** What somebody agreed to, until the client fetches it. */
export interface Grant {
  person: Person;
  redirectUri: string;
  scope: string;
  /** PKCE, S256; null: none was sent. */
  challenge: string | null;
  madeAtMs: number;
}

/** The state of one provider: in memory only, as codes and tokens live for minutes. */
export interface Desk {
  provider: 'google' | 'github';
  client: OauthClient;
  faults: OauthFaults;
  /** Signs in without being asked; null: the consent page asks. */
  signedIn: Person | null;
  /** By code; a code is spent by asking for it. */
  codes: Map<string, Grant>;
  /** By access token. */
  tokens: Map<string, Grant>;
}

const CODE_LIFE_MS = 600_000;

export function openDesk(provider: Desk['provider'], client: OauthClient): Desk {
  return { provider, client, faults: noOauthFaults(), signedIn: null, codes: new Map(), tokens: new Map() };
}

export function randomCode(bytes = 20): string {
  return randomBytes(bytes).toString('hex');
}

/**
 * What is registered for the client: this API's own callback on any port of this machine. A vendor compares the whole
 * text; the port is free here because the API's is.
 */
export function isRegistered(desk: Desk, redirectUri: string): boolean {
  const path = `/api/v1/auth/oauth/${desk.provider}/callback`;
  return new RegExp(`^http://(127\\.0\\.0\\.1|localhost):\\d+${path}$`).test(redirectUri);
}

export function isClient({ client }: Desk, id: string, secret: string): boolean {
  return isEqual(id, client.clientId) && isEqual(secret, client.clientSecret);
}

export type Refusal = 'unknown_code' | 'redirect_uri_mismatch' | 'pkce_mismatch';

/** The grant behind a code, once: whatever the outcome, the code is spent (RFC 6749 section 4.1.2). */
export function redeem(desk: Desk, form: URLSearchParams): Grant | Refusal {
  const code = form.get('code') ?? '';
  const grant = desk.codes.get(code);
  desk.codes.delete(code);
  const isExpired = desk.faults.take('expired_code');
  if (grant === undefined || isExpired || grant.madeAtMs + CODE_LIFE_MS < realNowMs()) return 'unknown_code';
  if (form.get('redirect_uri') !== grant.redirectUri) return 'redirect_uri_mismatch';
  return grant.challenge === null || grant.challenge === s256(form.get('code_verifier') ?? '')
    ? grant
    : 'pkce_mismatch';
}

/** The grant of the bearer token, if there is a good one. */
export function grantOf({ tokens }: Desk, authorization: string | undefined): Grant | null {
  const token = /^(?:Bearer|token) (\S+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? null : (tokens.get(token) ?? null);
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
