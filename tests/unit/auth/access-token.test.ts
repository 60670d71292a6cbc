import { createHmac, generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { afterEach, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { readAccessToken, signAccessToken } from '../../../src/modules/auth/access-token.ts';
import { dateFrom, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';

const claims = { userId: newId(), sessionId: newId(), sessionVersion: 3 };
const SECRET = config.auth.jwtSecret;
const GENUINE = {
  ...{ type: 'access', sub: claims.userId, sid: claims.sessionId, ver: claims.sessionVersion },
  ...{ iss: 'quickbite', aud: 'quickbite-api' },
};

afterEach(() => {
  setClock(null);
});

function refusalOf(token: string): string {
  try {
    readAccessToken(token);
    return 'accepted';
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Signs by hand whatever header and payload say, with HMAC-SHA256. */
function forge(header: object, payload: object, secret = SECRET): string {
  const content = `${encode(header)}.${encode(payload)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

const lifeOf = (seconds: number) => ({ iat: inSeconds(0), exp: inSeconds(seconds) });

describe('an access token', () => {
  it('says who, which session and of which version, and nothing else', () => {
    const token = signAccessToken(claims);
    expect(readAccessToken(token)).toEqual(claims);
    const payload = jwt.decode(token) as Record<string, unknown>;
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub', 'type', 'ver']);
    expect(Number(payload['exp']) - Number(payload['iat'])).toBe(900);
  });

  it('lives to the last second of its fifteen minutes, and not into the next', () => {
    const issued = dateFrom('2026-11-20T12:00:00.000Z');
    setClock({ frozenAt: issued });
    const token = signAccessToken(claims);
    setClock({ frozenAt: dateFrom('2026-11-20T12:14:59.999Z') });
    expect(refusalOf(token)).toBe('accepted');
    setClock({ frozenAt: dateFrom('2026-11-20T12:15:00.000Z') });
    expect(refusalOf(token)).toBe('token_expired');
  });

  it('forged as the genuine one by hand, is accepted: the refusals below are for their one difference', () => {
    expect(refusalOf(forge({ alg: 'HS256', typ: 'JWT' }, { ...GENUINE, ...lifeOf(600) }))).toBe('accepted');
  });

  it.each(['none', 'None', 'nOnE', 'NONE'])('with alg %s is refused, unsigned or with the old signature', (alg) => {
    const signature = signAccessToken(claims).split('.')[2] ?? '';
    const unsigned = `${encode({ alg, typ: 'JWT' })}.${encode({ ...GENUINE, ...lifeOf(600) })}`;
    expect(refusalOf(`${unsigned}.`)).toBe('token_invalid');
    expect(refusalOf(`${unsigned}.${signature}`)).toBe('token_invalid');
  });

  it.each(['HS384', 'HS512'] as const)('of the right secret but signed with %s is refused', (algorithm) => {
    expect(refusalOf(jwt.sign({ ...GENUINE, ...lifeOf(600) }, SECRET, { algorithm }))).toBe('token_invalid');
  });

  it('signed with a private key of its own is refused, whatever keys its header names', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = {
      alg: 'RS256' as const,
      jwk: publicKey.export({ format: 'jwk' }),
      jku: 'https://evil.example/jwks',
    };
    const token = jwt.sign({ ...GENUINE, ...lifeOf(600) }, privateKey, { algorithm: 'RS256', header });
    expect(refusalOf(token)).toBe('token_invalid');
  });

  it.each([
    ['a type of another token', { type: 'refresh' }],
    ['no type', { type: undefined }],
    ['another issuer', { iss: 'somebody' }],
    ['another audience', { aud: 'quickbite-mail' }],
    ['a subject that is no id', { sub: '{"$ne":null}' }],
    ['an object for a session', { sid: { $ne: null } }],
    ['no session', { sid: undefined }],
    ['no version', { ver: undefined }],
    ['a version that is no number', { ver: '3' }],
    ['a start that lies ahead', { nbf: inSeconds(600) }],
    ['an issue that lies ahead', { iat: inSeconds(120), exp: inSeconds(600) }],
    ['no issue', { iat: undefined }],
    ['a life longer than ours', lifeOf(config.auth.accessTtlSeconds + 120)],
  ])('with %s is refused under a good signature', (_what, change) => {
    const payload = { ...GENUINE, ...lifeOf(600), ...change };
    expect(refusalOf(forge({ alg: 'HS256', typ: 'JWT' }, payload))).toBe('token_invalid');
  });

  it('of an instance whose clock is half a minute ahead is accepted', () => {
    const life = { iat: inSeconds(30), exp: inSeconds(30 + config.auth.accessTtlSeconds) };
    expect(refusalOf(forge({ alg: 'HS256', typ: 'JWT' }, { ...GENUINE, ...life }))).toBe('accepted');
  });

  it('that never expires is refused', () => {
    expect(refusalOf(forge({ alg: 'HS256', typ: 'JWT' }, GENUINE))).toBe('token_invalid');
  });

  it('signed with another of our secrets is refused', () => {
    const payload = { ...GENUINE, ...lifeOf(600) };
    expect(refusalOf(forge({ alg: 'HS256', typ: 'JWT' }, payload, config.auth.refreshSecret))).toBe('token_invalid');
  });

  it('with one changed character is refused', () => {
    const token = signAccessToken(claims);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const other = encode({ ...GENUINE, sub: newId(), ...lifeOf(600) });
    expect(refusalOf(`${header}.${other}.${signature}`)).toBe('token_invalid');
    expect(refusalOf(`${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`)).toBe(
      'token_invalid',
    );
  });
});
