import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import { nowMs } from '../../shared/clock.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

interface AccessClaims {
  userId: string;
  sessionId: string;
  /** The account's when the session began. A token of another version is dead, like its session. */
  sessionVersion: number;
}

const ISSUER = 'quickbite';
const AUDIENCE = 'quickbite-api';
const TYPE = 'access';
/** How far the clocks of two instances may be apart. */
const LEEWAY_SECONDS = 60;
/** Made once: from text, the library would first try to read a public key, by an exception, at every request. */
const KEY = createSecretKey(config.auth.jwtSecret, 'utf8');

// Other claims may be there; what we rely on must have our form, even under a good signature.
const claimsSchema = z.object({
  type: z.literal(TYPE),
  sub: z.string().regex(ID_PATTERN),
  sid: z.string().regex(ID_PATTERN),
  ver: z.int().min(0),
  iat: z.int(),
  // The library checks an expiry only where there is one.
  exp: z.int(),
});

/** Says who and which session, never what they may do: roles are read from the account at each use. */
export function signAccessToken({ userId, sessionId, sessionVersion }: AccessClaims): string {
  const issuedAt = clockSeconds();
  const life = { iat: issuedAt, exp: issuedAt + config.auth.accessTtlSeconds };
  const claims = { type: TYPE, sid: sessionId, ver: sessionVersion, ...life };
  return jwt.sign(claims, KEY, {
    algorithm: 'HS256',
    subject: userId,
    issuer: ISSUER,
    audience: AUDIENCE,
  });
}

/**
 * Signature and form only; whether the session is alive is the caller's question.
 * @throws AppError `token_expired`, `token_invalid`
 */
export function readAccessToken(token: string): AccessClaims {
  const claims = claimsSchema.safeParse(verifySignature(token));
  if (!claims.success || !isOfOurMaking(claims.data)) throw new AppError('token_invalid');
  return { userId: claims.data.sub, sessionId: claims.data.sid, sessionVersion: claims.data.ver };
}

function verifySignature(token: string): unknown {
  try {
    return jwt.verify(token, KEY, {
      // Pinned: the header of a token must not choose how it is checked (CVE-2022-23540, -23541).
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTimestamp: clockSeconds(),
    });
  } catch (error) {
    const isExpired = error instanceof jwt.TokenExpiredError;
    throw new AppError(isExpired ? 'token_expired' : 'token_invalid', { cause: error });
  }
}

/** We sign no token for later and none that lives longer; whoever holds the secret by mistake gets no more than that. */
function isOfOurMaking({ iat, exp }: { iat: number; exp: number }): boolean {
  return iat <= clockSeconds() + LEEWAY_SECONDS && exp - iat <= config.auth.accessTtlSeconds + LEEWAY_SECONDS;
}

function clockSeconds(): number {
  return Math.floor(nowMs() / 1000);
}
