import jwt from 'jsonwebtoken';
import { afterEach, describe, expect, it } from 'vitest';
import { config } from '../../../src/config/index.ts';
import { isAppError } from '../../../src/errors/index.ts';
import { readAccessToken, signAccessToken } from '../../../src/modules/auth/access-token.ts';
import { dateFrom, setClock } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { encode, forge, HS256, inSeconds, lifeOf } from '../../support/forge-token.ts';

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
    expect(refusalOf(forge(HS256, { ...GENUINE, ...lifeOf(600) }))).toBe('accepted');
  });

  it.each(['HS384', 'HS512'] as const)('of the right secret but signed with %s is refused', (algorithm) => {
    expect(refusalOf(jwt.sign({ ...GENUINE, ...lifeOf(600) }, SECRET, { algorithm }))).toBe('token_invalid');
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
    expect(refusalOf(forge(HS256, payload))).toBe('token_invalid');
  });

  it('of an instance whose clock is half a minute ahead is accepted', () => {
    const life = { iat: inSeconds(30), exp: inSeconds(30 + config.auth.accessTtlSeconds) };
    expect(refusalOf(forge(HS256, { ...GENUINE, ...life }))).toBe('accepted');
  });

  it('that never expires is refused', () => {
    expect(refusalOf(forge(HS256, GENUINE))).toBe('token_invalid');
  });

  it('signed with another of our secrets is refused', () => {
    const payload = { ...GENUINE, ...lifeOf(600) };
    expect(refusalOf(forge(HS256, payload, config.auth.refreshSecret))).toBe('token_invalid');
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
