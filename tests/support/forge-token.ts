import { createHmac } from 'node:crypto';
import { config } from '../../src/config/index.ts';
import { nowMs } from '../../src/shared/clock.ts';
import type { Login } from './log-in.ts';

export const HS256 = { alg: 'HS256', typ: 'JWT' };

/** What the signer would write for this log-in, without times. */
export function claimsOf({ userId, sessionId, user }: Pick<Login, 'userId' | 'sessionId' | 'user'>) {
  return {
    ...{ type: 'access', sub: userId, sid: sessionId, ver: user.sessionVersion },
    ...{ iss: 'quickbite', aud: 'quickbite-api' },
  };
}

export function inSeconds(seconds: number): number {
  return Math.floor(nowMs() / 1000) + seconds;
}

/** Issued now. */
export function lifeOf(seconds: number): { iat: number; exp: number } {
  return { iat: inSeconds(0), exp: inSeconds(seconds) };
}

export function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Signs by hand whatever header and payload say, with HMAC-SHA256. */
export function forge(header: object, payload: object, secret = config.auth.jwtSecret): string {
  const content = `${encode(header)}.${encode(payload)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
