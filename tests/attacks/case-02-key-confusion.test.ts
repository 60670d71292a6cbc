import { createServer, type Server } from 'node:http';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { claimsOf, encode, forge, HS256, lifeOf } from '../support/forge-token.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { resetRateLimits } from '../support/rate-limits.ts';

/** Where an attacker would keep keys: it counts who asks. */
let keys: Server;
let asked = 0;
let keysUrl = '';
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  keys = createServer((_req, res) => {
    asked += 1;
    res.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  keysUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
});
beforeEach(resetRateLimits);
afterEach(emptyCollections);
afterAll(async () => {
  keys.close();
  await app.stop();
});

const me = (token: string) => app.request.get('/api/v1/me').set('Authorization', `Bearer ${token}`);
const payloadOf = (login: Login) => ({ ...claimsOf(login), ...lifeOf(600) });

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The texts of a public key that a careless verifier would take for a secret. */
function textsOf(key: KeyObject): string[] {
  const pem = String(key.export({ format: 'pem', type: 'spki' }));
  return [pem, pem.trim(), JSON.stringify(key.export({ format: 'jwk' }))];
}

describe('case 02: an access token under a key of the attacker', () => {
  it.each([
    ['RS256', rsa],
    ['PS256', rsa],
    ['ES256', ec],
  ] as const)('signed with their own private key by %s is 401', async (algorithm, { privateKey }) => {
    const login = await logInAs();
    expect((await me(jwt.sign(payloadOf(login), privateKey, { algorithm }))).status).toBe(401);
  });

  it.each([
    ['RSA', rsa],
    ['EC', ec],
  ] as const)('signed as HS256 with the text of an %s public key is 401', async (_type, { publicKey }) => {
    const login = await logInAs();
    for (const text of textsOf(publicKey)) expect((await me(forge(HS256, payloadOf(login), text))).status).toBe(401);
  });

  it('whose header brings its key, or says where to fetch it, is 401, and nobody asks there', async () => {
    const login = await logInAs();
    const jwk = rsa.publicKey.export({ format: 'jwk' });
    const headers = [{ jwk }, { jku: keysUrl, kid: 'a' }, { x5u: keysUrl }, { x5c: ['MIIB'] }, { jku: keysUrl, jwk }];
    for (const header of headers) {
      const token = jwt.sign(payloadOf(login), rsa.privateKey, {
        algorithm: 'RS256',
        header: { alg: 'RS256', ...header },
      });
      expect((await me(token)).status).toBe(401);
      const octets = { kty: 'oct', k: Buffer.from('attacker').toString('base64url'), alg: 'HS256' };
      expect((await me(forge({ ...HS256, ...header, jwk: octets }, payloadOf(login), 'attacker'))).status).toBe(401);
    }
    expect(asked).toBe(0);
  });

  it.each([
    ['a path', '../../x'],
    ['the empty file', '../../../../../../dev/null'],
    ['a URL', 'http://127.0.0.1:9/key'],
    ['an object', { $ne: null }],
    ['a list', ['a']],
    ['a query', "' UNION SELECT 'attacker' --"],
  ])('whose kid is %s is 401 for every secret that could be meant', async (_what, kid) => {
    const login = await logInAs();
    for (const secret of ['', 'attacker', '\0', JSON.stringify(kid)]) {
      const token = forge({ ...HS256, kid }, payloadOf(login), secret);
      expect((await me(token)).status).toBe(401);
    }
    expect(asked).toBe(0);
  });

  it.each([
    ['three dots too many', (token: string) => `${token}...`],
    ['a JWE of five parts', () => `${encode({ alg: 'dir', enc: 'A256GCM' })}..AA.AA.AA`],
    ['a signed token for a payload', (token: string) => forge(HS256, { token })],
    ['a critical extension', () => forge({ ...HS256, crit: ['exp'], b64: false }, {})],
  ])('with %s is 401', async (_what, change) => {
    const { accessToken } = await logInAs();
    expect((await me(change(accessToken))).status).toBe(401);
  });
});
