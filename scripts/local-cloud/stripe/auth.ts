import type { IncomingMessage } from 'node:http';
import { invalidRequest } from './errors.ts';
import type { Form } from './form.ts';

export interface ApiKeys {
  secretKey: string;
  publishableKey: string;
}

export type KeyKind = 'secret' | 'publishable';

const NO_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";

/** Bearer, Basic (`curl -u sk_test_...:`), or for a browser the form's `key`. */
export function authenticateKey(req: IncomingMessage, form: Form, keys: ApiKeys): KeyKind {
  const given = keyFromHeader(req.headers.authorization) ?? form['key'];
  if (typeof given !== 'string' || given === '') throw invalidRequest(NO_KEY, {}, 401);
  if (given === keys.secretKey) return 'secret';
  if (given === keys.publishableKey) return 'publishable';
  throw invalidRequest(`Invalid API Key provided: ${masked(given)}`, {}, 401);
}

function keyFromHeader(header: string | undefined): string | undefined {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (/^bearer$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme)) return Buffer.from(value, 'base64').toString('utf8').split(':')[0];
  return undefined;
}

function masked(key: string): string {
  return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}

export function assertSecretKey(kind: KeyKind): void {
  if (kind === 'secret') return;
  const message = 'This API call cannot be made with a publishable API key. Please use a secret API key.';
  throw invalidRequest(message, { code: 'secret_key_required' }, 403);
}
